package io.iir.protocol.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.iir.openai.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A request that the client made for Anthropic's API itself. Stateless. */
final class OriginalBody {

  private OriginalBody() {}

  /** {@code body} with {@code model} as its model; every other byte stays as it is. */
  static byte[] withModel(byte[] body, String model) {
    try (JsonParser in = JsonBytes.PLAIN.createParser(body)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = in.currentName().equals("model");
        in.nextToken();
        if (found) {
          int from = (int) in.currentTokenLocation().getByteOffset();
          in.finishToken();
          in.skipChildren();
          return replaced(body, from, (int) in.currentLocation().getByteOffset(), model);
        }
        in.skipChildren();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("a request for the Messages API without a model");
  }

  private static byte[] replaced(byte[] body, int from, int to, String model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + model.length());
    out.write(body, 0, from);
    out.writeBytes(JsonBytes.quote(model));
    out.write(body, to, body.length - to);
    return out.toByteArray();
  }
}
