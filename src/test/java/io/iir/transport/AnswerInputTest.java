package io.iir.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerInputTest {

  private final EventLoops loops = new EventLoops(1);
  private final EventLoop loop = loops.any();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AnswerStream stream =
      new AnswerStream(
          loop,
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

  @AfterEach
  void stop() {
    loops.close();
  }

  @Test
  void whatIsPushedIsReadToTheEnd() throws Exception {
    AnswerInput input = new AnswerInput(stream);
    push("ab");
    assertThat(input.read()).isEqualTo('a');
    push("cd");
    loop.execute(stream::end);
    assertThat(new String(input.readAllBytes(), UTF_8)).isEqualTo("bcd");
    assertThat(input.read()).isEqualTo(-1);
  }

  @Test
  void nothingIsMadeThatIsNotRead() throws Exception {
    AnswerInput input = new AnswerInput(stream);
    push("a");
    push("b");
    push("c");
    await().until(() -> told.equals(List.of("pause")));
    assertThat(input.readNBytes(3)).isEqualTo("abc".getBytes(UTF_8));
    await().until(() -> told.equals(List.of("pause", "resume")));
  }

  @Test
  void closingCancels() {
    new AnswerInput(stream).close();
    await().until(() -> told.equals(List.of("cancel")));
  }

  private void push(String text) {
    loop.execute(() -> stream.push(Unpooled.copiedBuffer(text, UTF_8)));
  }
}
