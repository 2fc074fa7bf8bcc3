package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iir.config.Secret;
import io.iir.config.StartException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What DATABASE_URL may look like, and what is said of one that cannot be used. */
class PostgresUrlTest {

  private static PostgresUrl parse(String text) {
    return PostgresUrl.parse(Secret.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://iir:s%40c%2Fret@db.example:6432/gateway?sslmode=require",
        "postgresql://iir:s%40c%2Fret@db.example:6432/gateway?sslmode=require",
        "jdbc:postgresql://iir:s%40c%2Fret@db.example:6432/gateway?sslmode=require",
        "jdbc:postgresql://db.example:6432/gateway?user=iir&password=s%40c%2Fret&sslmode=require",
        "  postgres://iir:s%40c%2Fret@db.example:6432/gateway?sslmode=require\n"
      })
  void allFormsAreTheSame(String text) {
    PostgresUrl url = parse(text);
    assertThat(url.servers()).containsExactly(new PostgresUrl.Server("db.example", 6432));
    assertThat(url.database()).isEqualTo("gateway");
    assertThat(url.user()).isEqualTo("iir");
    assertThat(url.password()).isEqualTo(Secret.of("s@c/ret"));
    assertThat(url.parameters()).isEqualTo(Map.of("sslmode", "require"));
    assertThat(url.place()).isEqualTo("db.example:6432/gateway");
    assertThat(url.toString()).doesNotContain("s@c/ret", "s%40c");
  }

  @Test
  void mostMayBeLeftOut() {
    PostgresUrl url = parse("postgres://db/gateway");
    assertThat(url.servers()).containsExactly(new PostgresUrl.Server("db", 5432));
    assertThat(url.user()).isNull();
    assertThat(url.password()).isNull();
    assertThat(parse("postgres://iir@db/gateway").password()).isNull();
  }

  @Test
  void thereMayBeSeveralServers() {
    PostgresUrl url = parse("postgres://a:1,[::1]:2,c/gateway?targetServerType=primary");
    assertThat(url.servers())
        .isEqualTo(
            List.of(
                new PostgresUrl.Server("a", 1),
                new PostgresUrl.Server("[::1]", 2),
                new PostgresUrl.Server("c", 5432)));
    assertThat(url.parameters()).containsEntry("targetServerType", "primary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql://iir:hidden@db/gateway | does not begin with postgres://
          jdbc:sqlite:/hidden/iir.db | does not begin with postgres://
          hidden | does not begin with postgres://
          postgres://iir:hidden@db | is not of this form
          postgres://iir:hidden@db/ | is not of this form
          postgres://iir:hid/den@db/gateway | is not
          postgres://iir:hid#den@db/gateway | is not of this form
          postgres://iir:hidden@/gateway | names no host
          postgres://iir:hidden@db:x/gateway | names no host
          postgres://iir:hidden@db:0/gateway | port
          postgres://iir:hidden@db:65536/gateway | port
          postgres://iir:hidden%@db/gateway | its password is not percent-encoded
          postgres://iir:hidden%zz@db/gateway | its password is not percent-encoded
          postgres://iir:hidden@db/gateway?loggerFile=x | has a parameter that is not one of
          postgres://iir:hidden@db/gateway?sslmode | has a parameter that is not one of
          """)
  void whatIsWrongIsSaidWithoutThePassword(String text, String problem) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> parse(text))
        .withMessageContaining("DATABASE_URL")
        .withMessageContaining(problem)
        .satisfies(e -> assertThat(e.getMessage() + e.remedy()).doesNotContain("hid"));
  }

  @Property(tries = 200)
  void anyPasswordCanBeEncoded(@ForAll @NotEmpty String user, @ForAll @NotEmpty String password) {
    String url = "postgres://%s:%s@db/gateway".formatted(encoded(user), encoded(password));
    assertThat(parse(url).user()).isEqualTo(kept(user));
    assertThat(parse(url).password()).isEqualTo(Secret.of(kept(password)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Half a surrogate pair is no character, and is lost on the way. */
  private static String kept(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
