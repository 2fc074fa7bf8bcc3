package io.iir.management;

import static io.iir.management.ManagedGateway.exec;
import static io.iir.management.ManagedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that Jolokia tells holds a secret, or what a client said. */
class SecretsIT {

  private static final String IN_PROPERTIES = "iir.test.secret";
  private static final String IN_REDIS = "redis-password-5b1f";
  private static final String IN_DATABASE = "database-password-77c2";
  private static final String UPSTREAM = "sk-upstream-vllm";
  private static final String PROMPT = "my-confidential-question-91ab";
  private static final List<String> SECRETS =
      List.of(Gateway.ADMIN_KEY, IN_REDIS, IN_DATABASE, UPSTREAM, PROMPT);

  @Test
  void allThatCanBeReadHoldsNone() throws Exception {
    System.setProperty(IN_PROPERTIES, String.join(" ", SECRETS));
    String database =
        PostgresServer.shared().newDatabase().replaceFirst(":secret@", ":" + IN_DATABASE + "@");
    try (RedisServer redis = RedisServer.start("--requirepass", IN_REDIS);
        ManagedGateway gateway =
            ManagedGateway.start(
                Gateway.all(
                    Gateway.provider("vllm", "http://127.0.0.1:1/v1"),
                    new String[] {
                      "iir.redis-url=redis://:%s@127.0.0.1:%d".formatted(IN_REDIS, redis.port()),
                      "iir.database-url=" + database
                    }))) {
      String chat =
          """
          {"model":"%s","messages":[{"role":"user","content":"%s"}]}\
          """;
      assertThat(gateway.gateway().chat(chat.formatted("sim/echo", PROMPT)).statusCode())
          .isEqualTo(200);
      assertThat(gateway.gateway().chat(chat.formatted("vllm/any", PROMPT)).statusCode())
          .isIn(502, 503);

      List<String> told = new ArrayList<>();
      ObjectNode everything = request("read", "*:*");
      everything.putObject("config").put("ignoreErrors", true);
      JsonNode all = gateway.ask(everything);
      assertThat(all.path("status").asInt()).isEqualTo(200);
      assertThat(all.path("value").path("java.lang:type=Runtime").path("VmName").asText())
          .isNotEmpty();
      assertThat(all.path("value").fieldNames())
          .toIterable()
          .anyMatch(name -> name.contains("type=routes"))
          .anyMatch(name -> name.contains("type=endpoints"))
          .noneMatch(name -> name.startsWith("com.sun.management:"));
      told.add(all.toString());
      told.add(gateway.get("/jolokia/list").body());
      told.add(gateway.get("/jolokia/read/java.lang:type=Runtime/SystemProperties").body());
      told.add(
          gateway
              .get(
                  "/jolokia/read/java.lang:type=Runtime/SystemProperties/"
                      + IN_PROPERTIES.replace(".", "!."))
              .body());
      told.add(gateway.get("/jolokia/read/java.lang:type=Runtime/InputArguments").body());
      told.add(gateway.get("/jolokia/version").body());
      for (String context : List.of("iir", "iir-rules")) {
        String bean = "org.apache.camel:context=%1$s,type=context,name=\"%1$s\"".formatted(context);
        for (String operation : List.of("dumpRoutesAsXml()", "componentNames()")) {
          JsonNode answer = gateway.ask(exec(bean, operation));
          assertThat(answer.path("status").asInt()).as("%s", answer).isEqualTo(200);
          told.add(answer.toString());
        }
      }
      assertThat(told).allSatisfy(answer -> assertThat(answer).doesNotContain(SECRETS));
    } finally {
      System.clearProperty(IN_PROPERTIES);
    }
  }
}
