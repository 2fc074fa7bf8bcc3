package io.iir.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiError;
import io.iir.registry.Refresh;
import io.iir.transport.AnswerStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A refresh of the registry as server-sent events: one for each part, {@code done} with the whole
 * at the end, or an error. Nothing of it waits for a client that reads slowly: there are few
 * events. Thread-safe.
 */
final class RefreshEvents implements Refresh.Watcher, AnswerStream.Source {

  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);
  private static final long PAUSE_SECONDS = 10;

  private final Refresh refresh;
  private final EventLoop loop;
  private final AnswerStream stream;
  private @Nullable ScheduledFuture<?> alive;

  RefreshEvents(Refresh refresh, EventLoop loop) {
    this.refresh = refresh;
    this.loop = loop;
    this.stream = new AnswerStream(loop, this);
  }

  /** Tells of the refresh from now on; comments keep the connection alive meanwhile. */
  void start() {
    loop.execute(
        () -> alive = loop.scheduleAtFixedRate(this::comment, 0, PAUSE_SECONDS, TimeUnit.SECONDS));
    refresh.watch(this);
  }

  private void comment() {
    stream.push(Unpooled.wrappedBuffer(COMMENT));
  }

  private void end() {
    if (alive != null) {
      alive.cancel(false);
    }
    stream.end();
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
    loop.execute(this::end);
  }

  @Override
  public void failed(Throwable cause) {
    ApiError error =
        ApiError.server(500, "internal_error", "the refresh failed; the gateway's log says why");
    send("data: " + new String(error.toJson(), StandardCharsets.UTF_8) + "\n\n");
    loop.execute(this::end);
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
    loop.execute(this::end);
  }
}
