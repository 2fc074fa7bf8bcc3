package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestUpstreamTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static String upstream(String body, String model) {
    return new String(ChatRequest.parse(body.getBytes(UTF_8)).forUpstream(model), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"model":"a","messages":[{}]}                                      | {"model":"B","messages":[{}]}
          {"stream":true,"model" : "a" ,"messages":[{}]}                     | {"stream":true,"model" : "B","stream_options":{"include_usage":true} ,"messages":[{}]}
          {"model":"a","stream":true,"stream_options":null,"messages":[{}]}  | {"model":"B","stream":true,"stream_options":{"include_usage":true},"messages":[{}]}
          {"stream_options": {},"stream":true,"messages":[{}],"model":"a"}   | {"stream_options": {"include_usage":true},"stream":true,"messages":[{}],"model":"B"}
          {"stream_options":{ "x":1},"stream":true,"messages":[{}],"model":"a"} | {"stream_options":{"include_usage":true, "x":1},"stream":true,"messages":[{}],"model":"B"}
          {"model":"a","stream":true,"stream_options":{"x":{"include_usage":true},"include_usage" : false },"messages":[{}]} | {"model":"B","stream":true,"stream_options":{"x":{"include_usage":true},"include_usage" : true },"messages":[{}]}
          {"model":"a","stream":true,"stream_options":{"include_usage":null},"messages":[{}]} | {"model":"B","stream":true,"stream_options":{"include_usage":true},"messages":[{}]}
          {"model":"a","stream":true,"stream_options":{"include_usage":"f"},"messages":[{}]} | {"model":"B","stream":true,"stream_options":{"include_usage":true},"messages":[{}]}
          {"model":"a","stream":true,"stream_options":{"include_usage":true},"messages":[{}]} | {"model":"B","stream":true,"stream_options":{"include_usage":true},"messages":[{}]}
          {"model":"a","stream":false,"stream_options":{"x":1},"messages":[{}]} | {"model":"B","stream":false,"stream_options":{"x":1},"messages":[{}]}
          {"mod\\u0065l":"\\u0061","messages":[{"model":"a"}]}               | {"mod\\u0065l":"B","messages":[{"model":"a"}]}
          """)
  void changesTheModelAndAsksForUsage(String body, String expected) {
    assertThat(upstream(body, "B")).isEqualTo(expected);
  }

  @Test
  void escapesTheModel() {
    assertThat(upstream("{\"model\":\"a\",\"messages\":[{}]}", "q\"\\\né😀"))
        .isEqualTo("{\"model\":\"q\\\"\\\\\\né😀\",\"messages\":[{}]}");
  }

  @Test
  void handsOnTheVeryBytesWhereNothingChanges() {
    ChatRequest request = ChatRequest.parse("{\"model\":\"a\",\"messages\":[{}]}".getBytes(UTF_8));
    assertThat(request.forUpstream("a")).isSameAs(request.body());
    assertThat(request.forUpstream("b")).isNotSameAs(request.body());
  }

  @Test
  void keepsNumbersSpacingAndUnknownFields() {
    String body =
        "\n"
            + "{ \"x\" : 1.000000000000000000001e+07 ,\"model\":\"a\",\t\"messages\":[ {} ],"
            + " \"é\":\"\\/\" } \n";
    assertThat(upstream(body, "b")).isEqualTo(body.replace("\"a\"", "\"b\""));
  }

  /** For generated requests: the meaning changes as promised, and all other bytes stay in order. */
  @RepeatedTest(200)
  void changesNothingElse(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    List<String> fields = new ArrayList<>();
    fields.add("\"model\":" + blanks(random) + "\"a/é\"");
    fields.add(
        "\"messages\":[{\"role\":\"user\",\"content\":\"😀 "
            + "x".repeat(random.nextInt(9_000))
            + "\"}]");
    if (random.nextBoolean()) {
      fields.add("\"stream\"" + blanks(random) + ":" + random.nextBoolean());
    }
    String[] options = {
      "null",
      "{}",
      "{ }",
      "{\"include_usage\":true}",
      "{\"include_usage\":false}",
      "{\"y\":[{}]}",
      "{\"y\":\"}\",\"include_usage\":false ,\"z\":1}"
    };
    if (random.nextBoolean()) {
      fields.add("\"stream_options\":" + options[random.nextInt(options.length)]);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      String[] values = {"-1.50", "\"a\\\"b\"", "[1, {\"model\":2}]", "{}", "null", "true", "\"\""};
      fields.add("\"f" + i + "\":" + values[random.nextInt(values.length)] + blanks(random));
    }
    Collections.shuffle(fields, random);
    String body =
        blanks(random)
            + "{"
            + blanks(random)
            + String.join("," + blanks(random), fields)
            + "}"
            + blanks(random);

    ChatRequest request = ChatRequest.parse(body.getBytes(UTF_8));
    byte[] sent = request.forUpstream("new");

    ObjectNode expected = (ObjectNode) JSON.readTree(body);
    expected.put("model", "new");
    if (request.stream() && !request.includeUsage()) {
      ObjectNode wanted =
          expected.path("stream_options") instanceof ObjectNode there
              ? there
              : JSON.createObjectNode();
      expected.set("stream_options", wanted.put("include_usage", true));
    }
    assertThat(JSON.readTree(sent)).isEqualTo(expected);
    ChatRequest again = ChatRequest.parse(sent);
    assertThat(again.includeUsage()).isEqualTo(request.stream() || request.includeUsage());
    assertThat(again.forUpstream("new")).isSameAs(again.body());
    for (String field : fields) {
      if (!field.startsWith("\"model\"") && !field.startsWith("\"stream_options\"")) {
        assertThat(new String(sent, UTF_8)).contains(field);
      }
    }
  }

  private static String blanks(Random random) {
    return " \n\t\r ".substring(0, random.nextInt(6));
  }
}
