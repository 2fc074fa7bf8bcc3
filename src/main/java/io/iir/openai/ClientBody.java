package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A body that a client sent, as a tree, for the APIs whose requests are rewritten: as strict as
 * {@link ChatRequest#parse(byte[])} is, with every number as it was written. Stateless.
 */
public final class ClientBody {

  private static final ObjectMapper EXACT =
      JsonMapper.builder(JsonBytes.STRICT)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ClientBody() {}

  /**
   * Reads {@code body}.
   *
   * @throws ApiException 400 {@code invalid_json} if it is not one JSON object in UTF-8
   */
  public static ObjectNode read(byte[] body) {
    JsonText.check(body);
    try (JsonParser in = EXACT.createParser(body)) {
      JsonToken first = in.nextToken();
      if (first == null) {
        throw ApiException.invalidJson("The body is empty: send a JSON object.");
      }
      if (first != JsonToken.START_OBJECT) {
        throw ApiException.invalidJson("The body is JSON, but no object: send {\"model\": ...}.");
      }
      ObjectNode object = in.readValueAsTree();
      nothingBehind(body, Offsets.end(in));
      return object;
    } catch (JsonProcessingException e) {
      throw JsonFault.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any JSON as a tree, for what did not come from a client; missing if {@code json} is none. */
  public static JsonNode tree(byte[] json) {
    try {
      return EXACT.readTree(json);
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  /** A tree's JSON in UTF-8. */
  public static byte[] write(JsonNode tree) {
    try {
      return EXACT.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An object with nothing in it. */
  public static ObjectNode object() {
    return EXACT.createObjectNode();
  }

  private static void nothingBehind(byte[] body, int end) {
    for (int i = end; i < body.length; i++) {
      if (body[i] != ' ' && body[i] != '\n' && body[i] != '\r' && body[i] != '\t') {
        throw JsonFault.trailing(i);
      }
    }
  }
}
