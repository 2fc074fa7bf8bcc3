package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalFormTest {

  private static final String FIELDS = "\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]";

  private static String digest(String body) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ChatRequest.parse(body.getBytes(UTF_8)).digestInto(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"stream\":true",
        "\"stream\":true,\"stream_options\":{\"include_usage\":true}",
        "\"user\":\"u\"",
        "\"safety_identifier\":\"u\"",
        "\"metadata\":{\"a\":\"b\"}",
        "\"store\":true",
        "\"prompt_cache_key\":\"k\"",
        "\"prompt_cache_retention\":\"24h\""
      })
  void leavesOutWhatCannotChangeTheAnswer(String field) throws Exception {
    assertThat(digest("{" + FIELDS + "," + field + "}")).isEqualTo(digest("{" + FIELDS + "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"service_tier\":\"flex\"",
        "\"seed\":1",
        "\"temperature\":0",
        "\"n\":1",
        "\"x\":null",
        "\"max_tokens\":5",
        "\"logprobs\":true",
        "\"\":0"
      })
  void everythingElseCounts(String field) throws Exception {
    assertThat(digest("{" + FIELDS + "," + field + "}")).isNotEqualTo(digest("{" + FIELDS + "}"));
  }

  @Test
  void orderAndBlanksBetweenFieldsDoNotCount() throws Exception {
    assertThat(digest("{\"messages\":[{\"role\":\"user\"}] ,\n \"mod\\u0065l\" : \"m\"}"))
        .isEqualTo(digest("{" + FIELDS + "}"));
  }

  /** Plain text is looked through eight bytes at a time: what is special in it may lie anywhere. */
  @ParameterizedTest
  @ValueSource(strings = {"\\\"", "\\\\", "\\u0041", "\\n", "\\/", "é", ""})
  void whatIsSpecialIsFoundAtEachPlace(String special) throws Exception {
    Map<String, String> seen = new HashMap<>();
    for (int before = 0; before < 20; before++) {
      for (int behind = 0; behind < 20; behind++) {
        String text = "x".repeat(before) + special + "y".repeat(behind);
        String digest = digest("{" + FIELDS + ",\"a\":\"" + text + "\"}");
        assertThat(seen.put(digest, text)).as(text).isNull();
        assertThat(digest("{\"a\" : \"" + text + "\", " + FIELDS + "}")).isEqualTo(digest);
      }
    }
    assertThat(digest("{" + FIELDS + ",\"a\":\"12345678\\u0041\"}"))
        .isEqualTo(digest("{" + FIELDS + ",\"a\":\"12345678A\"}"));
  }

  /** Two generated requests have one digest if and only if they have the same fields. */
  @Test
  void noTwoRequestsCollide() throws Exception {
    Random random = new Random(3);
    String[] names = {"a", "b", "ab", "a\u0000b", "seed", "é", ""};
    String[] values = {
      "1", "11", "\"1\"", "\"a\"", "\"b\\\":1\"", "[1]", "[1,1]", "{\"a\":1}", "null"
    };
    Map<String, Map<String, String>> seen = new HashMap<>();
    Map<Map<String, String>, String> digests = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      Map<String, String> fields = new TreeMap<>();
      fields.put("model", "\"m" + random.nextInt(3) + "\"");
      fields.put("messages", random.nextBoolean() ? "[{}]" : "[{},{}]");
      for (int j = random.nextInt(4); j > 0; j--) {
        fields.put(names[random.nextInt(names.length)], values[random.nextInt(values.length)]);
      }
      String digest = digest(body(fields, random));
      assertThat(seen.computeIfAbsent(digest, d -> fields)).isEqualTo(fields);
      assertThat(digests.computeIfAbsent(fields, f -> digest)).isEqualTo(digest);
    }
    assertThat(seen.size()).isGreaterThan(500);
  }

  private static String body(Map<String, String> fields, Random random) {
    List<String> members = new ArrayList<>();
    fields.forEach(
        (name, value) -> members.add(new String(JsonBytes.quote(name), UTF_8) + ":" + value));
    if (random.nextBoolean()) {
      members.add("\"stream\":" + random.nextBoolean());
    }
    Collections.shuffle(members, random);
    return "{" + String.join(random.nextBoolean() ? "," : " ,\n", members) + "}";
  }
}
