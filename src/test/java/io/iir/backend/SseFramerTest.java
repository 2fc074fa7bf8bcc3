package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SseFramerTest {

  private final List<String> seen = new ArrayList<>();
  private final List<ByteBuf> fed = new ArrayList<>();
  private final SseFramer framer =
      new SseFramer((data, offset, length) -> {
        String text = new String(data, offset, length, UTF_8);
        seen.add(text);
        return !text.contains("drop");
      });

  @Test
  void wholeEventsPassUncopied() {
    ByteBuf bytes = buffer("data: a\n\ndata: b\n\n");
    assertThat(framer.feed(bytes)).isSameAs(bytes);
    assertThat(seen).containsExactly("a", "b");
    bytes.release();
  }

  @Test
  void theBeginningOfAnEventWaits() {
    assertThat(feed("data: a")).isEmpty();
    assertThat(feed("bc\n")).isEmpty();
    assertThat(feed("\ndata: d")).isEqualTo("data: abc\n\n");
    assertThat(seen).containsExactly("abc");
    framer.close();
    assertNothingHeld();
  }

  @Test
  void anEventCanBeTakenOut() {
    assertThat(feed("data: a\n\ndata: drop\n\ndata: b\n\nda")).isEqualTo("data: a\n\ndata: b\n\n");
    assertThat(feed("ta: drop\n\n")).isEmpty();
    assertThat(seen).containsExactly("a", "drop", "b", "drop");
    assertNothingHeld();
  }

  @Test
  void linesAreReadAsTheStandardSays() {
    String text =
        ": comment\n\nevent: x\ndata:a\ndata:  b\nid: 1\ndata\n\ndata: c\r\n\r\n\n\ndata:\n\n";
    assertThat(feed(text)).isEqualTo(text);
    assertThat(seen).containsExactly("a\n b", "c", "");
  }

  @Test
  void anEndlessEventIsRefused() {
    String megabyte = "x".repeat(1 << 20);
    feed("data: a\n\ndata: drop\n\ndata: ");
    for (int i = 0; i < 7; i++) {
      assertThat(feed(megabyte)).isEmpty();
    }
    assertThatThrownBy(() -> feed(megabyte)).isInstanceOf(IllegalStateException.class);
    assertNothingHeld();
  }

  @Test
  void aLongEventInSmallPiecesIsNotCopiedForEach() {
    // Copied for each piece, this would move 16 GB.
    String piece = "x".repeat(1000);
    feed("data: ");
    for (int i = 0; i < 8000; i++) {
      feed(piece);
    }
    assertThat(feed("\n\n")).hasSize(8_000_008);
    assertNothingHeld();
  }

  @RepeatedTest(200)
  void splittingChangesNothing(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    StringBuilder sent = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    List<String> events = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      String newLine = random.nextBoolean() ? "\n" : "\r\n";
      StringBuilder event = new StringBuilder();
      List<String> data = new ArrayList<>();
      for (int line = random.nextInt(4); line >= 0; line--) {
        switch (random.nextInt(4)) {
          case 0 -> event.append(": ping").append(newLine);
          case 1 -> event.append("id: ").append(random.nextInt()).append(newLine);
          default -> {
            String text =
                "ä{\r".repeat(random.nextInt(9))
                    + random.nextInt()
                    + (random.nextInt(5) == 0 ? "drop" : "");
            data.add(text);
            event.append(random.nextBoolean() ? "data: " : "data:").append(text).append(newLine);
          }
        }
      }
      event.append(newLine);
      if (!data.isEmpty()) {
        events.add(String.join("\n", data));
      }
      sent.append(event);
      expected.append(String.join("\n", data).contains("drop") ? "" : event);
    }
    byte[] bytes = sent.toString().getBytes(UTF_8);
    StringBuilder passed = new StringBuilder();
    ByteBuf out = Unpooled.buffer();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(1 + random.nextInt(200)));
      ByteBuf some = Unpooled.copiedBuffer(bytes, at, length);
      fed.add(some);
      ByteBuf whole = framer.feed(some);
      if (whole != null) {
        out.writeBytes(whole);
        whole.release();
      }
      at += length;
    }
    passed.append(out.toString(UTF_8));
    assertThat(passed.toString()).isEqualTo(expected.toString());
    assertThat(seen).isEqualTo(events);
    assertNothingHeld();
  }

  private String feed(String text) {
    ByteBuf out = framer.feed(buffer(text));
    if (out == null) {
      return "";
    }
    String passed = out.toString(UTF_8);
    out.release();
    return passed;
  }

  private ByteBuf buffer(String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, UTF_8);
    fed.add(bytes);
    return bytes;
  }

  private void assertNothingHeld() {
    assertThat(fed).allSatisfy(each -> assertThat(each.refCnt()).isZero());
  }
}
