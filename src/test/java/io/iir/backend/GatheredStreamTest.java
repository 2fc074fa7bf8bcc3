package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.iir.backend.ChatTap.UsageChunk;
import io.iir.testing.Chunks;
import io.iir.testing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class GatheredStreamTest {

  private final Tally tally = new Tally(10);
  private final GatheredStream stream =
      new GatheredStream(new ChatTap(tally, UsageChunk.HIDDEN, "fake", 1, null));

  private void feed(String text) {
    stream.feed(Unpooled.copiedBuffer(text, UTF_8));
  }

  @Test
  void theEventsMakeOneAnswerHoweverTheyAreCut() {
    tally.calling();
    String all =
        Chunks.event(Chunks.token("Hello"))
            + Chunks.event(Chunks.token(" there"))
            + Chunks.event(Chunks.FINISH)
            + Chunks.event(Chunks.usage(5, 2))
            + Chunks.DONE;
    for (int i = 0; i < all.length(); i += 7) {
      assertThat(stream.over()).isFalse();
      feed(all.substring(i, Math.min(all.length(), i + 7)));
    }
    assertThat(stream.over() && stream.complete()).isTrue();
    var answer = Gateway.json(new String(stream.completion(), UTF_8));
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Hello there");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(tally.completionTokens()).isEqualTo(2);
  }

  @Test
  void aFailureEndsIt() {
    feed(Chunks.event(Chunks.token("Hello")));
    String failure = "{\"error\":{\"message\":\"no slot\"}}";
    feed(Chunks.event(failure) + Chunks.DONE);
    assertThat(stream.over()).isTrue();
    assertThat(stream.complete()).isFalse();
    assertThat(stream.failure()).asString(UTF_8).isEqualTo(failure);
  }

  @Test
  void itsLengthIsBounded() {
    byte[] comment = (":" + " ".repeat((1 << 20) - 3) + "\n\n").getBytes(UTF_8);
    for (int i = 0; i < CollectedBody.MAX_LENGTH >> 20; i++) {
      stream.feed(Unpooled.wrappedBuffer(comment));
    }
    ByteBuf oneMore = Unpooled.wrappedBuffer(comment);
    assertThatIllegalStateException()
        .isThrownBy(() -> stream.feed(oneMore))
        .withMessageContaining("longer than");
    assertThat(oneMore.refCnt()).isZero();
  }
}
