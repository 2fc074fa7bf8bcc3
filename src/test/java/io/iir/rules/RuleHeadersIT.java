package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers that rules may read: from the client to the rule, and no further. */
class RuleHeadersIT {

  private static final String RULE =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - setVariable: {name: targets, constant: p/m}
              - choice:
                  when:
                    - id: acme
                      simple: "${header.x-tenant} == 'acme'"
                      steps:
                        - setVariable: {name: reason, constant: acme}
                    - id: bare
                      simple: "${header.x-tenant} == null"
                      steps:
                        - setVariable: {name: reason, constant: bare}
                  otherwise:
                    id: other
                    steps:
                      - setVariable: {name: reason, constant: other}
      """;

  @TempDir Path folder;

  @Test
  void theyReachTheRuleAndNoProvider() throws Exception {
    RuleFolder rules = new RuleFolder(folder).write(RULE);
    try (FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("p", provider.baseUrl()),
                    rules.settings(),
                    new String[] {"iir.cache.enabled=false"}))) {
      assertThat(reason(gateway)).isEqualTo("bare");
      assertThat(reason(gateway, "X-Tenant", "acme")).isEqualTo("acme");
      assertThat(reason(gateway, "x-tenant", "${env:HOME}")).isEqualTo("other");
      assertThat(
              reason(
                  gateway,
                  "X-Tenant",
                  "acme",
                  "X-Priority",
                  "high",
                  "X-Api-Key",
                  "sk-client",
                  "Cookie",
                  "session=1",
                  "CamelHttpUri",
                  "http://127.0.0.1:1/"))
          .isEqualTo("acme");
      assertThat(provider.calls())
          .hasSize(4)
          .allSatisfy(call -> {
            assertThat(call.headers().keySet())
                .doesNotContain("X-tenant", "X-priority", "X-api-key", "Cookie", "Camelhttpuri");
            assertThat(call.headers().getFirst("Authorization")).isEqualTo("Bearer sk-upstream-p");
          });
      assertThat(gateway.get("/api/v1/rules/decisions").body())
          .contains("\"x-tenant\":\"acme\"", "\"x-priority\":\"high\"")
          .doesNotContain("sk-client", "session=1", Gateway.ADMIN_KEY);
    }
  }

  private static String reason(Gateway gateway, String... headers) {
    HttpResponse<String> answer =
        gateway.chat(
            """
            {"model": "auto", "messages": [{"role": "user", "content": "Hi"}]}\
            """,
            headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("X-Route-Reason").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization",
        "proxy-authorization",
        "cookie",
        "x-api-key",
        "x-auth-token",
        "x-client-secret",
        "camelhttpuri",
        "X-Tenant",
        "a b"
      })
  void noneThatMayHoldASecretCanBeRead(String name) {
    assertThatThrownBy(() -> Gateway.start("iir.rules.headers=x-tenant," + name))
        .hasStackTraceContaining("none with a secret");
  }
}
