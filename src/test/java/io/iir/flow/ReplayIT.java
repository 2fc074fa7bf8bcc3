package io.iir.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.CompletionAssembler;
import io.iir.openai.CompletionReplayer;
import io.iir.openai.JsonBytes;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever was answered whole is the same as a stream, and the other way round. */
class ReplayIT {

  private static final String[] WORDS = {
    "Hello", " there", "\n", "\"quoted\"", "\\", "é", "😀", "中文", "\t", "data: ", "\u2028", "{}"
  };

  @SuppressWarnings("NullAway.Init") // set before all
  private static FakeProvider provider;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway gateway;

  private static int asked;

  private static ObjectNode original = JsonBytes.TREE.createObjectNode();

  @BeforeContainer
  static void start() {
    provider =
        new FakeProvider(call -> {
          if (call.body().contains("\"stream\":true")) {
            call.beginStream();
            byte[] events = CompletionReplayer.replayWithUsage(JsonBytes.write(original));
            call.chunk(events, 0, events.length);
            call.endChunks();
          } else {
            call.json(200, new String(JsonBytes.write(original), UTF_8));
          }
        });
    gateway =
        Gateway.start(Gateway.all(Gateway.provider("fake", provider.baseUrl()), Crowd.LIMITS));
  }

  @AfterContainer
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @Property(tries = 60)
  void aReplayIsTheOriginal(@ForAll long seed) throws Exception {
    original = completion(new Random(seed));
    provider.calls().clear();
    String whole = question();
    assertThat(JsonBytes.tree(answer("miss", whole).getBytes(UTF_8))).isEqualTo(original);
    assertThat(assembled(answer("hit", streaming(whole)))).isEqualTo(original);

    String stream = streaming(question());
    assertThat(assembled(answer("miss", stream))).isEqualTo(original);
    awaitKept(stream);
    assertThat(assembled(answer("hit", stream))).isEqualTo(original);
    String asWhole = stream.replace(STREAM, "");
    assertThat(JsonBytes.tree(answer("hit", asWhole).getBytes(UTF_8))).isEqualTo(original);
    assertThat(provider.calls()).hasSize(2);
  }

  private static final String STREAM =
      "\"stream\":true,\"stream_options\":{\"include_usage\":true},";

  private static String question() {
    return "{\"model\":\"fake/m\",\"messages\":[{\"role\":\"user\",\"content\":\"q %d\"}]}"
        .formatted(asked++);
  }

  private static String streaming(String ask) {
    return ask.replace("{\"model\"", "{" + STREAM + "\"model\"");
  }

  private static String answer(String cache, String ask) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("x-iir-cache")).isEqualTo(cache);
      return client.rest();
    }
  }

  private static void awaitKept(String ask) {
    await()
        .until(() -> {
          try (RawClient client = RawClient.chat(gateway, ask, "Cache-Control: only-if-cached")) {
            return client.status() == 200;
          }
        });
  }

  private static JsonNode assembled(String events) {
    CompletionAssembler assembler = new CompletionAssembler();
    for (String event : events.split("\n\n", -1)) {
      if (event.startsWith("data: ") && !event.equals("data: [DONE]")) {
        assembler.add(event.substring("data: ".length()).getBytes(UTF_8));
      }
    }
    return JsonBytes.tree(assembler.toJson());
  }

  // ---- any completion

  private static ObjectNode completion(Random random) {
    ObjectNode completion = JsonBytes.TREE.createObjectNode();
    completion.put("id", "c" + random.nextInt(1000)).put("object", "chat.completion");
    completion.put("created", 1_700_000_000 + random.nextInt(1000)).put("model", "m");
    ArrayNode choices = completion.putArray("choices");
    int prompt = 1 + random.nextInt(1000);
    int answer = 1 + random.nextInt(1000);
    ObjectNode choice = choices.addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    boolean tools = random.nextBoolean();
    if (tools) {
      message.putNull("content");
      ArrayNode calls = message.putArray("tool_calls");
      for (int i = 0; i <= random.nextInt(3); i++) {
        ObjectNode call = calls.addObject().put("id", "call_" + i).put("type", "function");
        call.putObject("function").put("name", "f" + i).put("arguments", arguments(random));
      }
    } else {
      message.put("content", text(random, 1 + random.nextInt(60)));
    }
    String[] reasons = tools ? new String[] {"tool_calls"} : new String[] {"stop", "length"};
    choice.put("finish_reason", reasons[random.nextInt(reasons.length)]);
    ObjectNode usage = completion.putObject("usage");
    usage.put("prompt_tokens", prompt).put("completion_tokens", answer);
    usage.put("total_tokens", prompt + answer);
    return completion;
  }

  private static String arguments(Random random) {
    return new String(
        JsonBytes.write(JsonBytes.TREE.createObjectNode().put("a", text(random, 5))), UTF_8);
  }

  private static String text(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
