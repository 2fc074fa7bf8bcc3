package io.iir.protocol;

import io.iir.backend.AnswerTranslator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request as it goes over the wire.
 *
 * @param path path and query behind the provider's base URL, percent-encoded
 * @param body what is sent
 * @param contentType the media type of the body
 * @param headers what the protocol itself wants besides, by their names in lower case; no
 *     credentials
 * @param dropped fields of the client's that the protocol has no place for and that do no harm by
 *     being left out, as {@code x-iir-dropped} names them
 * @param translator reads the answer; null: it is OpenAI's own
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
public record WireCall(
    String path,
    byte[] body,
    String contentType,
    Map<String, String> headers,
    List<String> dropped,
    @Nullable AnswerTranslator translator) {

  /** This, of which {@code fields} were left out before. */
  WireCall without(List<String> fields) {
    if (fields.isEmpty()) {
      return this;
    }
    List<String> all = Stream.concat(dropped.stream(), fields.stream()).distinct().toList();
    return new WireCall(path, body, contentType, headers, all, translator);
  }
}
