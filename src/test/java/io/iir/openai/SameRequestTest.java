package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Which requests are the same to the cache, of all that there may be. */
class SameRequestTest {

  private static final List<String> SCALARS =
      List.of("null", "true", "false", "0", "1", "1.0", "1e0", "-0.25", "9007199254740993");
  private static final String[] PIECES = {
    "a", "b", "\"", "\\", "/", "\n", "\t", "\u0000", "\u001f", ",", ":", "}", "é", "\u2028", "😀",
    "中"
  };

  @Provide
  Arbitrary<JsonNode> values() {
    return Arbitraries.longs().map(seed -> value(new Random(seed), 4));
  }

  /** A chat request with unknown fields of all kinds. */
  @Provide
  Arbitrary<ObjectNode> requests() {
    return Arbitraries.longs()
        .map(seed -> {
          Random random = new Random(seed);
          ObjectNode request = JsonBytes.TREE.createObjectNode().put("model", "p/m");
          request
              .putArray("messages")
              .addObject()
              .put("role", "user")
              .put("content", string(random));
          request.set("extra", value(random, 4));
          request.set("more", value(random, 4));
          return request;
        });
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 5 : 2)) {
      case 0 -> JsonBytes.tree(SCALARS.get(random.nextInt(SCALARS.size())).getBytes(UTF_8));
      case 1 -> JsonBytes.TREE.getNodeFactory().textNode(string(random));
      case 2 -> {
        ArrayNode array = JsonBytes.TREE.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JsonBytes.TREE.createObjectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
          object.set(string(random), value(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static String string(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  @Property(tries = 400)
  void neitherOrderNorBlanksNorEscapesCount(
      @ForAll("requests") ObjectNode request, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    String plain = new String(JsonBytes.write(request), UTF_8);
    assertThat(digest(written(request, random))).isEqualTo(digest(plain));
  }

  @Property(tries = 400)
  void anyOtherDifferenceCounts(
      @ForAll("requests") ObjectNode one, @ForAll("requests") ObjectNode other) throws Exception {
    assertThat(digest(text(one)).equals(digest(text(other))))
        .isEqualTo(canonical(one).equals(canonical(other)));
  }

  @Property(tries = 400)
  void eachChangeOfOneValueCounts(
      @ForAll("requests") ObjectNode request, @ForAll("values") JsonNode value) throws Exception {
    for (String field : List.of("extra", "more")) {
      ObjectNode changed = request.deepCopy();
      JsonNode before = changed.replace(field, value);
      boolean same = canonical(before).equals(canonical(value));
      assertThat(digest(text(changed)).equals(digest(text(request)))).isEqualTo(same);
    }
  }

  private static String text(ObjectNode request) {
    return new String(JsonBytes.write(request), UTF_8);
  }

  /** An own, slow form to compare with: sorted members, numbers as they are written. */
  private static String canonical(JsonNode node) {
    if (node instanceof ObjectNode object) {
      List<String> members = new ArrayList<>();
      object
          .properties()
          .forEach(member ->
              members.add(
                  new String(JsonBytes.quote(member.getKey()), UTF_8)
                      + ":"
                      + canonical(member.getValue())));
      Collections.sort(members);
      return members.toString();
    }
    if (node instanceof ArrayNode array) {
      List<String> items = new ArrayList<>();
      array.forEach(item -> items.add(canonical(item)));
      return "array" + items;
    }
    return node.getNodeType() + new String(JsonBytes.write(node), UTF_8);
  }

  // ---- the same, written in another way

  private static String written(JsonNode node, Random random) {
    String blank = random.nextBoolean() ? "" : random.nextBoolean() ? " " : "\n\t ";
    if (node instanceof ObjectNode object) {
      List<String> members = new ArrayList<>();
      object
          .properties()
          .forEach(member ->
              members.add(
                  quoted(member.getKey(), random)
                      + blank
                      + ":"
                      + written(member.getValue(), random)));
      Collections.shuffle(members, random);
      return "{" + blank + String.join(blank + ",", members) + blank + "}";
    }
    if (node instanceof ArrayNode array) {
      List<String> items = new ArrayList<>();
      array.forEach(item -> items.add(blank + written(item, random)));
      return "[" + String.join(blank + ",", items) + blank + "]";
    }
    return node.isTextual()
        ? quoted(node.textValue(), random)
        : new String(JsonBytes.write(node), UTF_8);
  }

  private static String quoted(String text, Random random) {
    if (text.equals("model") || text.equals("messages")) {
      return "\"" + text + "\"";
    }
    StringBuilder out = new StringBuilder("\"");
    boolean escapeAll = random.nextBoolean();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/' && escapeAll) {
        out.append("\\/");
      } else if (c == '\n' && !escapeAll) {
        out.append("\\n");
      } else if (c < ' ' || escapeAll) {
        out.append(
            random.nextBoolean() ? "\\u%04x".formatted((int) c) : "\\u%04X".formatted((int) c));
      } else if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static String digest(String body) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ChatRequest.parse(body.getBytes(UTF_8)).digestInto(digest);
    return HexFormat.of().formatHex(digest.digest());
  }
}
