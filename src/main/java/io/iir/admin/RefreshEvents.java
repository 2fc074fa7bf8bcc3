package io.iir.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiError;
import io.iir.registry.Refresh;
import io.iir.transport.AnswerStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;

/**
 * A refresh of the registry as server-sent events: one for each part, {@code done} with the whole
 * at the end, or an error. Nothing of it waits for a client that reads slowly: there are few
 * events. Thread-safe.
 */
final class RefreshEvents implements Refresh.Watcher, AnswerStream.Source {

  private final Refresh refresh;
  private final EventLoop loop;
  private final AnswerStream stream;

  RefreshEvents(Refresh refresh, EventLoop loop) {
    this.refresh = refresh;
    this.loop = loop;
    this.stream = new AnswerStream(loop, this);
  }

  AnswerStream stream() {
    return stream;
  }

  @Override
  public void part(String name, ObjectNode part) {
    send("event: %s\ndata: %s\n\n".formatted(name, part));
  }

  @Override
  public void done(ObjectNode report) {
    part("done", report);
    loop.execute(stream::end);
  }

  @Override
  public void failed(Throwable cause) {
    ApiError error =
        ApiError.server(500, "internal_error", "the refresh failed; the gateway's log says why");
    send("data: " + new String(error.toJson(), StandardCharsets.UTF_8) + "\n\n");
    loop.execute(stream::end);
  }

  private void send(String event) {
    byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
    loop.execute(() -> stream.push(Unpooled.wrappedBuffer(bytes)));
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void cancel() {
    refresh.forget(this);
  }
}
