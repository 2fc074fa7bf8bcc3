package io.iir.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

class EventStreamTest {

  private final List<EventStream.Message> seen = new ArrayList<>();
  private final EventStream stream = new EventStream(seen::add);

  private static byte[] recorded(String name) throws IOException {
    return Files.readAllBytes(Path.of("src/test/resources/protocol/bedrock", name));
  }

  private void feed(byte[] bytes, int from, int to) {
    ByteBuf piece = Unpooled.wrappedBuffer(bytes, from, to - from);
    stream.feed(piece);
    piece.release();
  }

  @Test
  void aStreamIsTheSameHoweverItIsCut() throws IOException {
    byte[] bytes = recorded("json-schema.eventstream");
    feed(bytes, 0, bytes.length);
    List<String> whole = texts();
    assertThat(whole).hasSize(9).contains("metadata");
    for (int size = 1; size < 40; size++) {
      seen.clear();
      for (int from = 0; from < bytes.length; from += size) {
        feed(bytes, from, Math.min(bytes.length, from + size));
      }
      assertThat(texts()).isEqualTo(whole);
      assertThat(stream.isWithin()).isFalse();
    }
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (EventStream.Message message : seen) {
      texts.add(String.valueOf(message.headers().get(":event-type")));
      assertThat(new String(message.payload(), UTF_8)).startsWith("{").endsWith("}");
    }
    texts.add(String.valueOf(seen.size()));
    return texts;
  }

  @Test
  void headersOfAllTypesArePassedOver() {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put("a", HeaderValue.fromBoolean(true));
    headers.put("b", HeaderValue.fromByte((byte) 1));
    headers.put("c", HeaderValue.fromShort((short) 1));
    headers.put("d", HeaderValue.fromInteger(1));
    headers.put("e", HeaderValue.fromLong(1));
    headers.put("f", HeaderValue.fromByteArray(new byte[300]));
    headers.put("g", HeaderValue.fromTimestamp(Instant.EPOCH));
    headers.put("h", HeaderValue.fromUuid(UUID.randomUUID()));
    headers.put("i", HeaderValue.fromString("text"));
    ByteBuffer framed = new Message(headers, new byte[0]).toByteBuffer();
    stream.feed(Unpooled.wrappedBuffer(framed));
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().headers()).containsExactly(Map.entry("i", "text"));
    assertThat(seen.getFirst().payload()).isEmpty();
  }

  @Test
  void whatWasChangedOnTheWayIsNoStream() throws IOException {
    byte[] bytes = recorded("json-schema.eventstream");
    for (int at : new int[] {0, 5, 9, 30, 150}) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> new EventStream(m -> {}).feed(Unpooled.wrappedBuffer(changed)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("checksum");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "100, 2147483647",
    "100, 2147483640",
    "100, 85",
    "100, -1",
    "15, 0",
    "0, 0",
    "-2147483648, 0",
    "2147483647, 0"
  })
  void aMessageOfAnImpossibleLengthIsNoStream(int total, int headers) {
    ByteBuffer prelude = ByteBuffer.allocate(12).putInt(total).putInt(headers);
    CRC32 crc = new CRC32();
    crc.update(prelude.array(), 0, 8);
    prelude.putInt((int) crc.getValue()).flip();
    assertThatThrownBy(() -> stream.feed(Unpooled.wrappedBuffer(prelude)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("impossible length");
  }

  @Test
  void aCutStreamIsWithinAMessage() throws IOException {
    byte[] bytes = recorded("json-schema.eventstream");
    feed(bytes, 0, bytes.length - 1);
    assertThat(stream.isWithin()).isTrue();
  }
}
