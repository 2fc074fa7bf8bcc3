package io.iir.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class AnswerStreamTest {

  private final List<String> told = new ArrayList<>();
  private final List<String> received = new ArrayList<>();
  private final AnswerStream stream =
      new AnswerStream(
          new EmbeddedChannel().eventLoop(),
          new AnswerStream.Source() {
            @Override
            public void pause() {
              told.add("pause");
            }

            @Override
            public void resume() {
              told.add("resume");
            }

            @Override
            public void cancel() {
              told.add("cancel");
            }
          });
  private boolean writable = true;
  private @Nullable Subscription subscription;

  private final Subscriber<ByteBuf> client =
      new Subscriber<>() {
        @Override
        public void onSubscribe(Subscription given) {
          subscription = given;
        }

        @Override
        public void onNext(ByteBuf bytes) {
          received.add(bytes.toString(UTF_8));
          bytes.release();
        }

        @Override
        public void onError(Throwable failure) {
          received.add("cut");
        }

        @Override
        public void onComplete() {
          received.add("end");
        }
      };

  @Test
  void whatCameBeforeTheClientWaitsForIt() {
    stream.push(bytes("a"));
    stream.end();
    assertThat(stream.hasEnded()).isTrue();
    stream.subscribe(client);
    assertThat(received).isEmpty();
    request(1);
    assertThat(received).containsExactly("a", "end");
    assertThat(stream.delivered()).isTrue();
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsBrokenOffEndsWithTheLastWord() {
    stream.subscribe(client);
    request(1);
    stream.push(bytes("a"));
    List<String> settled = new ArrayList<>();
    stream.beforeLast(() -> settled.addAll(received));
    stream.breakOff(bytes("stopped"));
    assertThat(told).contains("cancel");
    request(5);
    assertThat(received).containsExactly("a", "stopped", "end");
    assertThat(settled).containsExactly("a");
    stream.push(bytes("late"));
    assertThat(received).doesNotContain("late");
  }

  @Test
  void aSourceThatGivesItsStreamUpDoesNotTakeTheLastWord() {
    AnswerStream[] its = new AnswerStream[1];
    its[0] =
        new AnswerStream(
            stream.loop(),
            new AnswerStream.Source() {
              @Override
              public void pause() {}

              @Override
              public void resume() {}

              @Override
              public void cancel() {
                its[0].cancel();
              }
            });
    its[0].subscribe(client);
    request(5);
    its[0].breakOff(bytes("stopped"));
    assertThat(received).containsExactly("stopped", "end");
  }

  @Test
  void withoutALastWordItIsCut() {
    stream.subscribe(client);
    request(5);
    stream.breakOff(null);
    assertThat(received).containsExactly("cut");
    assertThat(stream.wasCut()).isTrue();
  }

  @Test
  void whatHasEndedIsNotBrokenOff() {
    stream.subscribe(client);
    request(5);
    assertThat(stream.hasEnded()).isFalse();
    stream.end();
    stream.breakOff(bytes("stopped"));
    assertThat(received).containsExactly("end");
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsCutIsNotDelivered() {
    stream.subscribe(client);
    stream.push(bytes("a"));
    stream.cut();
    stream.push(bytes("b"));
    assertThat(received).isEmpty();
    request(1);
    assertThat(received).containsExactly("a", "cut");
    assertThat(stream.delivered()).isFalse();
    assertThat(stream.wasCut()).isTrue();
    assertThat(told).containsExactly("pause");
  }

  @Test
  void theSourcePausesWhileTheClientTakesNothing() {
    stream.subscribe(client);
    request(1);
    stream.push(bytes("a"));
    assertThat(told).isEmpty();
    stream.push(bytes("b"));
    stream.push(bytes("c"));
    assertThat(told).containsExactly("pause");
    request(1);
    assertThat(told).containsExactly("pause", "resume");
    assertThat(received).containsExactly("a", "bc");
  }

  @Test
  void whatIsGatheredGoesOnTogether() {
    stream.subscribe(client);
    request(Long.MAX_VALUE);
    stream.push(bytes("a"));
    stream.gather();
    stream.push(bytes("b"));
    stream.push(bytes("c"));
    assertThat(received).containsExactly("a");
    stream.gathered();
    assertThat(received).containsExactly("a", "bc");
    stream.push(bytes("d"));
    assertThat(received).containsExactly("a", "bc", "d");
    assertThat(told).isEmpty();
    stream.gather();
    stream.push(bytes("e"));
    stream.end();
    assertThat(received).containsExactly("a", "bc", "d", "e", "end");
  }

  @Test
  void whatIsLargeGoesOnByItself() {
    String large = "x".repeat(16 << 10);
    stream.push(bytes("a"));
    stream.push(bytes(large));
    stream.push(bytes("b"));
    stream.subscribe(client);
    request(1);
    assertThat(received).containsExactly("a");
    request(2);
    assertThat(received).containsExactly("a", large, "b");
  }

  @Test
  void whatIsGatheredIsDroppedWithTheStream() {
    stream.subscribe(client);
    request(Long.MAX_VALUE);
    stream.gather();
    ByteBuf dropped = bytes("a");
    stream.push(dropped);
    stream.cancel();
    assertThat(dropped.refCnt()).isZero();
    stream.gathered();
    assertThat(received).isEmpty();
  }

  @Test
  void theSourcePausesWhileTheConnectionIsFull() {
    stream.writableWhile(() -> writable);
    stream.subscribe(client);
    request(Long.MAX_VALUE);
    writable = false;
    stream.push(bytes("a"));
    assertThat(received).isEmpty();
    assertThat(told).containsExactly("pause");
    writable = true;
    stream.drain();
    assertThat(received).containsExactly("a");
    assertThat(told).containsExactly("pause", "resume");
  }

  @Test
  void theSourcePausesWhereNobodyClaimsTheAnswer() {
    for (int i = 0; i < 64; i++) {
      stream.push(bytes("a"));
    }
    assertThat(told).containsExactly("pause");
    stream.cancel();
  }

  @Test
  void theEndComesAfterAllElse() {
    stream.subscribe(client);
    stream.push(bytes("a"));
    stream.end();
    assertThat(stream.delivered()).isFalse();
    request(5);
    assertThat(received).containsExactly("a", "end");
  }

  @Test
  void aClientThatLeavesCancelsTheSourceAndDropsWhatWaits() {
    stream.subscribe(client);
    ByteBuf waiting = bytes("a");
    stream.push(waiting);
    stream.cancel();
    stream.cancel();
    assertThat(told).containsExactly("pause", "cancel");
    assertThat(waiting.refCnt()).isZero();
    ByteBuf late = bytes("b");
    stream.push(late);
    assertThat(late.refCnt()).isZero();
    stream.end();
    assertThat(received).isEmpty();
    assertThat(stream.delivered()).isFalse();
  }

  @Test
  void aSourceThatHasEndedIsNotCancelled() {
    stream.subscribe(client);
    stream.push(bytes("a"));
    stream.end();
    stream.cancel();
    assertThat(told).doesNotContain("cancel");
  }

  @Test
  void nothingIsPushedAfterTheEnd() {
    stream.subscribe(client);
    request(5);
    stream.end();
    ByteBuf late = bytes("a");
    stream.push(late);
    assertThat(late.refCnt()).isZero();
    assertThat(received).containsExactly("end");
  }

  private void request(long n) {
    Objects.requireNonNull(subscription).request(n);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }
}
