package io.iir.flow;

import io.iir.backend.EventTap;
import io.iir.trace.Contents;
import io.iir.transport.AnswerStream;
import org.jspecify.annotations.Nullable;

/** Lets a request's trace read along what a stream says. One a call, on its event loop. */
final class ContentsTap implements EventTap {

  private final EventTap tap;
  private final Contents contents;

  /** Reads into {@code contents} what {@code tap} lets pass. */
  ContentsTap(EventTap tap, Contents contents) {
    this.tap = tap;
    this.contents = contents;
  }

  @Override
  public void sent() {
    tap.sent();
  }

  @Override
  public Verdict event(byte[] data, int offset, int length) {
    Verdict verdict = tap.event(data, offset, length);
    if (verdict == Verdict.PASS) {
      contents.event(data, offset, length);
    }
    return verdict;
  }

  @Override
  public boolean passes(String contentType) {
    return tap.passes(contentType);
  }

  @Override
  public void passed(int bytes) {
    tap.passed(bytes);
  }

  @Override
  public void passedAll() {
    tap.passedAll();
  }

  @Override
  public boolean closed() {
    return tap.closed();
  }

  @Override
  public boolean complete() {
    return tap.complete();
  }

  @Override
  public byte @Nullable [] replay(byte[] answer) {
    return tap.replay(answer);
  }

  @Override
  public String explain(int status, byte[] body) {
    return tap.explain(status, body);
  }

  @Override
  public byte[] closing() {
    return tap.closing();
  }

  @Override
  public boolean handsOver() {
    return tap.handsOver();
  }

  @Override
  public boolean handOver(AnswerStream stream) {
    return tap.handOver(stream);
  }

  @Override
  public void unpaid() {
    tap.unpaid();
  }

  @Override
  public byte[] broken(String code, String message) {
    return tap.broken(code, message);
  }
}
