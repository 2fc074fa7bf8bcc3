package io.iir.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A span as it comes over the wire.
 *
 * @param kind 1 internal, 2 server, 3 client
 * @param start in nanoseconds since 1970
 * @param end the same
 * @param attributes what it says, as text
 * @param events the names of its events
 * @param status 0 unset, 1 ok, 2 error
 * @param resource the attributes of who sent it
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto">opentelemetry-proto</a>
 */
public record OtlpSpan(
    String traceId,
    String spanId,
    String parentId,
    String name,
    int kind,
    long start,
    long end,
    Map<String, String> attributes,
    List<String> events,
    int status,
    Map<String, String> resource) {

  /** An attribute, or an empty text. */
  public String get(String attribute) {
    return attributes.getOrDefault(attribute, "");
  }

  /** The spans in an {@code ExportTraceServiceRequest}. */
  static List<OtlpSpan> readAll(byte[] message) {
    List<OtlpSpan> spans = new ArrayList<>();
    for (Field resourceSpans : Field.all(message)) {
      Map<String, String> resource = new TreeMap<>();
      for (Field part : Field.all(resourceSpans.bytes())) {
        if (part.number() == 1) {
          Field.all(part.bytes()).stream()
              .filter(field -> field.number() == 1)
              .forEach(field -> attribute(field.bytes(), resource));
        } else if (part.number() == 2) {
          Field.all(part.bytes()).stream()
              .filter(field -> field.number() == 2)
              .forEach(field -> spans.add(read(field.bytes(), resource)));
        }
      }
    }
    return spans;
  }

  private static OtlpSpan read(byte[] message, Map<String, String> resource) {
    Map<Integer, Field> once = new TreeMap<>();
    Map<String, String> attributes = new TreeMap<>();
    List<String> events = new ArrayList<>();
    int status = 0;
    for (Field field : Field.all(message)) {
      switch (field.number()) {
        case 9 -> attribute(field.bytes(), attributes);
        case 11 -> events.add(Field.find(Field.all(field.bytes()), 2).text());
        case 15 -> status = (int) Field.find(Field.all(field.bytes()), 3).value();
        default -> once.put(field.number(), field);
      }
    }
    return new OtlpSpan(
        hex(once.get(1)),
        hex(once.get(2)),
        hex(once.get(4)),
        once.getOrDefault(5, Field.NONE).text(),
        (int) once.getOrDefault(6, Field.NONE).value(),
        once.getOrDefault(7, Field.NONE).value(),
        once.getOrDefault(8, Field.NONE).value(),
        attributes,
        events,
        status,
        resource);
  }

  private static String hex(@Nullable Field field) {
    return field == null ? "" : HexFormat.of().formatHex(field.bytes());
  }

  private static void attribute(byte[] message, Map<String, String> into) {
    List<Field> pair = Field.all(message);
    into.put(Field.find(pair, 1).text(), value(Field.find(pair, 2).bytes()));
  }

  private static String value(byte[] message) {
    for (Field field : Field.all(message)) {
      return switch (field.number()) {
        case 1 -> field.text();
        case 2 -> field.value() == 1 ? "true" : "false";
        case 3 -> Long.toString(field.value());
        case 4 -> Double.toString(Double.longBitsToDouble(field.value()));
        case 5 ->
            Field.all(field.bytes()).stream().map(each -> value(each.bytes())).toList().toString();
        default -> "?";
      };
    }
    return "";
  }

  /**
   * A field of a protobuf message: a number or bytes.
   *
   * @see <a href="https://protobuf.dev/programming-guides/encoding/">protobuf's encoding</a>
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Field(int number, long value, byte[] bytes) {

    static final Field NONE = new Field(0, 0, new byte[0]);

    static Field find(List<Field> fields, int number) {
      return fields.stream().filter(field -> field.number == number).findFirst().orElse(NONE);
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    static List<Field> all(byte[] message) {
      List<Field> fields = new ArrayList<>();
      int[] at = {0};
      while (at[0] < message.length) {
        long tag = varint(message, at);
        int number = (int) (tag >>> 3);
        switch ((int) (tag & 7)) {
          case 0 -> fields.add(new Field(number, varint(message, at), new byte[0]));
          case 1 -> fields.add(new Field(number, fixed(message, at, 8), new byte[0]));
          case 2 -> {
            byte[] bytes = new byte[(int) varint(message, at)];
            System.arraycopy(message, at[0], bytes, 0, bytes.length);
            at[0] += bytes.length;
            fields.add(new Field(number, 0, bytes));
          }
          case 5 -> fields.add(new Field(number, fixed(message, at, 4), new byte[0]));
          default -> throw new AssertionError("no protobuf");
        }
      }
      return fields;
    }

    private static long varint(byte[] message, int[] at) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = message[at[0]++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    private static long fixed(byte[] message, int[] at, int length) {
      long value = 0;
      for (int i = 0; i < length; i++) {
        value |= (message[at[0]++] & 0xffL) << (8 * i);
      }
      return value;
    }
  }
}
