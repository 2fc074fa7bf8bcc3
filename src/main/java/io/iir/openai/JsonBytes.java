package io.iir.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How JSON is read and written. Field names are not interned: clients choose them, and the JVM's
 * table of interned strings is not theirs to fill.
 */
public final class JsonBytes {

  /** For what a client sent: strict, duplicate keys refused, bounded depth. */
  static final JsonFactory STRICT =
      builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(ChatRequest.MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** For what a provider sent. */
  static final JsonFactory PLAIN =
      builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  /** For trees, off the hot path; text behind the first value is an error. */
  public static final ObjectMapper TREE =
      JsonMapper.builder(PLAIN).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonBytes() {}

  /** {@code text} as a JSON string in UTF-8, with its quotes. */
  static byte[] quote(String text) {
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
