package io.iir.management;

import static io.iir.management.ManagedGateway.exec;
import static io.iir.management.ManagedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.testing.RawClient;
import io.iir.testing.RedisServer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
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

  /** Of services that this gateway may be without. */
  private static final Set<String> ABSENT =
      Set.of("endpointStatistics", "listTypeConverters", "listRestServices");

  private static final String CHAT =
      """
      {"model":"%s","stream":%s,"messages":[{"role":"user","content":"%s"}]}\
      """;

  private final List<String> told = new ArrayList<>();

  @Test
  void allThatCanBeReadHoldsNone() throws Exception {
    System.setProperty(IN_PROPERTIES, String.join(" ", SECRETS));
    String database =
        PostgresServer.shared().newDatabase().replaceFirst(":secret@", ":" + IN_DATABASE + "@");
    CountDownLatch asked = new CountDownLatch(1);
    try (RedisServer redis = RedisServer.start("--requirepass", IN_REDIS);
        FakeProvider provider =
            new FakeProvider(call -> {
              call.beginStream();
              call.token("One");
              asked.await();
              call.endStream(1, 1);
            });
        ManagedGateway gateway =
            ManagedGateway.start(
                Gateway.all(
                    Gateway.provider("vllm", provider.baseUrl()),
                    Gateway.provider("away", "http://127.0.0.1:1/v1"),
                    new String[] {
                      "iir.redis-url=redis://:%s@127.0.0.1:%d".formatted(IN_REDIS, redis.port()),
                      "iir.database-url=" + database
                    }))) {
      assertThat(chat(gateway, "sim/echo")).isEqualTo(200);
      assertThat(chat(gateway, "away/any")).isIn(502, 503);
      try (RawClient client =
          RawClient.chat(gateway.gateway(), CHAT.formatted("vllm/any", true, PROMPT))) {
        assertThat(client.event()).isNotNull(); // while all is asked, the prompt is in the gateway
        read(gateway);
        call(gateway);
        asked.countDown();
        assertThat(client.rest()).contains("[DONE]");
      }
      assertThat(told).allSatisfy(answer -> assertThat(answer).doesNotContain(SECRETS));
    } finally {
      asked.countDown();
      System.clearProperty(IN_PROPERTIES);
    }
  }

  private static int chat(ManagedGateway gateway, String model) {
    return gateway.gateway().chat(CHAT.formatted(model, false, PROMPT)).statusCode();
  }

  private void read(ManagedGateway gateway) {
    ObjectNode everything = request("read", "*:*");
    everything.putObject("config").put("ignoreErrors", true);
    JsonNode all = gateway.ask(everything);
    assertThat(all.path("status").asInt()).isEqualTo(200);
    assertThat(all.path("value").path("java.lang:type=Runtime").path("VmName").asText())
        .isNotEmpty();
    assertThat(all.path("value").fieldNames())
        .toIterable()
        .anyMatch(name -> name.contains("type=routes"))
        .anyMatch(name -> name.contains("type=endpoints"));
    told.add(all.toString());
    JsonNode hidden = gateway.ask(request("read", "com.sun.management:type=HotSpotDiagnostic"));
    assertThat(hidden.path("status").asInt()).as("%s", hidden).isIn(403, 404);
    assertThat(hidden.path("value").toString()).doesNotContain("DiagnosticOptions");
    told.add(hidden.toString());
    String properties = "/jolokia/read/java.lang:type=Runtime/SystemProperties";
    for (String path :
        List.of(
            "/jolokia/list",
            "/jolokia/list?listCache=true",
            properties,
            properties + "/" + IN_PROPERTIES.replace(".", "!."),
            "/jolokia/read/java.lang:type=Runtime/InputArguments",
            "/jolokia/version")) {
      told.add(gateway.get(path).body());
    }
  }

  /** Calls each operation that is allowed to everyone, of each MBean that has it. */
  private void call(ManagedGateway gateway) throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Set<String> absent = new HashSet<>();
    for (AllowedOperation looks : LookOnly.LOOKS) {
      int called = 0;
      for (ObjectName bean : server.queryNames(looks.beans(), null)) {
        for (MBeanOperationInfo operation : server.getMBeanInfo(bean).getOperations()) {
          String signature =
              Arrays.stream(operation.getSignature())
                  .map(MBeanParameterInfo::getType)
                  .collect(Collectors.joining(",", operation.getName() + "(", ")"));
          if (looks.allows(bean, signature)) {
            told.add(called(gateway, bean, signature, operation.getSignature()));
            called++;
          }
        }
      }
      if (called == 0) {
        absent.add(looks.operation());
      }
    }
    assertThat(ABSENT).as("operations that no MBean has").containsAll(absent);
  }

  private static String called(
      ManagedGateway gateway, ObjectName bean, String signature, MBeanParameterInfo[] parameters) {
    ObjectNode request = exec(bean.toString(), signature);
    ArrayNode arguments = request.putArray("arguments");
    for (MBeanParameterInfo parameter : parameters) {
      switch (parameter.getType()) {
        case "boolean" -> arguments.add(true);
        case "int" -> arguments.add(10);
        default -> arguments.addNull();
      }
    }
    JsonNode answer = gateway.ask(request);
    assertThat(answer.path("status").asInt()).as("%s", answer).isNotEqualTo(403);
    return answer.toString();
  }
}
