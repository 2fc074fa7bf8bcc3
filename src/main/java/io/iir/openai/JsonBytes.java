package io.iir.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How requests and answers are read and written as JSON. Field names are not interned: clients
 * choose them, and the JVM's table of interned strings is not theirs to fill.
 */
public final class JsonBytes {

  /** For what a client sent: strict, duplicate keys refused, bounded depth. */
  public static final JsonFactory STRICT =
      builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(ChatRequest.MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** For what a provider sent. */
  public static final JsonFactory PLAIN =
      builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  /**
   * For trees, off the hot path; text behind the first value is an error, numbers stay as exact as
   * they were written.
   */
  public static final ObjectMapper TREE =
      JsonMapper.builder(PLAIN)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** For trees of which each is a part of something that a parser reads. */
  public static final ObjectReader PART =
      TREE.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonBytes() {}

  /**
   * A client's body as a tree.
   *
   * @throws ApiException 400 {@code invalid_json} if it is not one JSON object in UTF-8
   */
  public static ObjectNode object(byte[] body) {
    JsonText.check(body);
    try (JsonParser in = STRICT.createParser(body)) {
      JsonNode tree = PART.readTree(in);
      int end = Offsets.end(in);
      if (in.nextToken() != null) {
        throw JsonFault.trailing(end);
      }
      if (tree instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw JsonFault.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw ApiException.invalidJson("The body is not a JSON object: send {\"model\": ..., ...}.");
  }

  /** What no client sent, as a tree; missing if {@code json} is no JSON. */
  public static JsonNode tree(byte[] json) {
    try {
      return TREE.readTree(json);
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  /** {@code tree} as JSON in UTF-8. */
  public static byte[] write(JsonNode tree) {
    try {
      return TREE.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code text} as a JSON string in UTF-8, with its quotes. */
  public static byte[] quote(String text) {
    byte[] inner = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    byte[] quoted = new byte[inner.length + 2];
    quoted[0] = '"';
    System.arraycopy(inner, 0, quoted, 1, inner.length);
    quoted[quoted.length - 1] = '"';
    return quoted;
  }

  private static JsonFactoryBuilder builder() {
    return new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
  }
}
