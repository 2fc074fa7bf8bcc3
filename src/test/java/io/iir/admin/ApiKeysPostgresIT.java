package io.iir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Vendor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys are the same in PostgreSQL. */
class ApiKeysPostgresIT extends ApiKeysRouteTest {

  @Override
  String[] store() {
    return Vendor.POSTGRESQL.newStore();
  }

  @Test
  @Override
  void keepsNoSecretInTheDatabase() throws Exception {
    String random =
        create("{\"name\": \"a\"}").path("key").textValue().substring("sk-iir-".length());

    for (String table : List.of("api_keys", "audit_log", "settings")) {
      assertThat(store.sql("select * from " + table).query().listOfRows().toString())
          .doesNotContain(random);
    }
  }
}
