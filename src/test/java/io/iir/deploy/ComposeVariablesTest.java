package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.provider.Vendor;
import io.iir.provider.Vendors;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the operator's reaches the gateways that Compose starts. */
class ComposeVariablesTest {

  private final ComposeFile file = ComposeFile.read(ComposeFile.SECRETS);

  /** A key in {@code .env} is enough to have a vendor. */
  @Test
  void everyVendorsKeyIsPassedOn() {
    assertThat(file.passedOn())
        .containsAll(
            Vendors.ALL.stream()
                .filter(vendor -> vendor.place() == Vendor.Place.HOSTED)
                .map(vendor -> vendor.name().toUpperCase(Locale.ROOT) + "_API_KEY")
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "gateway-1", "gateway-2"})
  void aGatewayReadsTheOperatorsSettingsAndRoutes(String name) {
    assertThat(ComposeFile.words(file.service(name).path("volumes")))
        .contains("./config:/opt/iir/config:ro", "./routes:/opt/iir/routes:ro");
  }
}
