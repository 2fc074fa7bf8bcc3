package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.auth.AdminAccess;
import io.iir.auth.ApiKeys;
import io.iir.auth.FirstStart;
import io.iir.auth.Lookup;
import io.iir.cluster.ClusterConfiguration;
import io.iir.config.IirProperties;
import io.iir.config.StartException;
import io.iir.flow.AccessConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(OutputCaptureExtension.class)
class StoreConfigurationTest {

  @TempDir Path temp;

  @Configuration(proxyBeanMethods = false)
  @Import({StoreConfiguration.class, ClusterConfiguration.class, AccessConfiguration.class})
  @ImportAutoConfiguration({JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class})
  @EnableConfigurationProperties(IirProperties.class)
  static class Application {
    @Bean
    MeterRegistry registry() {
      return new SimpleMeterRegistry();
    }

    @Bean
    static LazyInitializationExcludeFilter eager() {
      return LazyInitializationExcludeFilter.forBeanTypes(AdminAccess.class);
    }
  }

  private static ConfigurableApplicationContext start(
      Path directory, String adminKey, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--iir.data-dir=" + directory);
    arguments.add("--iir.admin-key=" + adminKey);
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .lazyInitialization(true) // the store, and what a test asks for
        .run(arguments.toArray(String[]::new));
  }

  private static @Nullable String generatedKey(ConfigurableApplicationContext gateway) {
    return gateway.getBean(FirstStart.class).takeAdminKey();
  }

  private static boolean knows(ConfigurableApplicationContext gateway, @Nullable String key) {
    return gateway.getBean(ApiKeys.class).identify("Bearer " + key) instanceof Lookup.Known;
  }

  @Test
  void makesADirectoryAndADatabaseForItsOwnerAlone() throws Exception {
    Path directory = temp.resolve("a/b");
    try (ConfigurableApplicationContext gateway = start(directory, "")) {
      JdbcClient store = gateway.getBean(JdbcClient.class);

      assertThat(store.sql("pragma journal_mode").query(String.class).single()).isEqualTo("wal");
      assertThat(store.sql("pragma foreign_keys").query(Integer.class).single()).isEqualTo(1);
      assertThat(store.sql("pragma busy_timeout").query(Integer.class).single()).isEqualTo(5000);
      assertThat(store.sql("select count(*) from api_keys").query(Long.class).single()).isZero();
      assertThat(store.sql("select count(*) from audit_log").query(Long.class).single()).isZero();
    }
    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("iir.db"))).isEqualTo("rw-------");
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void keepsWhatItHasAndShowsTheGeneratedKeyOnce() {
    String secret;
    try (ConfigurableApplicationContext first = start(temp, "")) {
      secret = Objects.requireNonNull(generatedKey(first));
      assertThat(secret).matches("sk-iir-[0-9A-Za-z]{43}");
      assertThat(generatedKey(first)).isNull();
      assertThat(knows(first, secret)).isTrue();
      JdbcClient store = first.getBean(JdbcClient.class);
      assertThat(store.sql("select value from settings").query(String.class).list())
          .hasSize(1)
          .doesNotContain(secret);
      store.sql("insert into settings values ('mark', 'kept')").update();
    }
    try (ConfigurableApplicationContext second = start(temp, "")) {
      assertThat(generatedKey(second)).isNull();
      assertThat(knows(second, secret)).isTrue();
      assertThat(
              second
                  .getBean(JdbcClient.class)
                  .sql("select value from settings where name = 'mark'")
                  .query(String.class)
                  .single())
          .isEqualTo("kept");
    }
    try (ConfigurableApplicationContext third = start(temp, "a-key-of-my-own-choice")) {
      assertThat(knows(third, secret)).isFalse();
      assertThat(knows(third, "a-key-of-my-own-choice")).isTrue();
      assertThat(generatedKey(third)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "fifteen-charact"})
  void refusesAnAdminKeyThatCannotServe(String key) {
    assertThatThrownBy(() -> start(temp, key))
        .hasRootCauseInstanceOf(StartException.class)
        .rootCause()
        .hasMessageContaining("IIR_ADMIN_KEY")
        .hasMessageNotContaining(key);
  }

  @Test
  void saysThatTheDirectoryCannotBeWritten(CapturedOutput output) throws Exception {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> start(file.resolve("data"), "")).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> start(file, "")).isInstanceOf(Exception.class);

    assertThat(output.getAll())
        .contains("The data directory " + file.resolve("data") + " cannot be created or written")
        .contains("The data directory " + file + " cannot be created or written")
        .contains("name another in IIR_DATA_DIR")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://iir:hidden@db/gateway, does not begin with postgres://",
    "postgres://iir:hidden@db, is not of this form",
  })
  void saysThatTheUrlOfTheDatabaseCannotBeUsed(String url, String problem, CapturedOutput output) {
    assertThatThrownBy(() -> start(temp, "", "--iir.database-url=" + url))
        .hasRootCauseInstanceOf(StartException.class);
    assertThat(output.getAll())
        .contains("DATABASE_URL", problem, "percent-encode")
        .doesNotContain("hidden", "\tat ");
    assertThat(temp.resolve("iir.db")).doesNotExist();
  }

  @Test
  void saysThatADamagedDatabaseWasSetAside(CapturedOutput output) throws Exception {
    Files.writeString(temp.resolve("iir.db"), "not a database, but long enough ".repeat(100));

    try (ConfigurableApplicationContext gateway = start(temp, "")) {
      assertThat(generatedKey(gateway)).isNotNull();
      assertThat(gateway.getBean(Database.class).recovery()).isNotNull();
    }

    assertThat(output.getAll())
        .contains("The database " + temp.resolve("iir.db") + " was damaged")
        .contains("It was set aside as iir.db.corrupt-")
        .doesNotContain("\tat ");
    try (ConfigurableApplicationContext next = start(temp, "")) {
      assertThat(next.getBean(Database.class).recovery()).isNull();
    }
  }
}
