package io.iir.flow;

import io.iir.backend.EventTap;
import io.iir.transport.AnswerStream;
import org.jspecify.annotations.Nullable;

/** Lets somebody read along what a stream says. One a call, on its event loop. */
final class ReadingTap implements EventTap {

  /** Reads along. */
  interface Reader {
    /** The client is sent the event whose data is {@code length} bytes from {@code offset}. */
    void event(byte[] data, int offset, int length);
  }

  private final EventTap tap;
  private final Reader reader;

  /** Hands {@code reader} what {@code tap} lets pass. */
  ReadingTap(EventTap tap, Reader reader) {
    this.tap = tap;
    this.reader = reader;
  }

  @Override
  public void sent() {
    tap.sent();
  }

  @Override
  public Verdict event(byte[] data, int offset, int length) {
    Verdict verdict = tap.event(data, offset, length);
    if (verdict == Verdict.PASS) {
      reader.event(data, offset, length);
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
