package io.iir.flow;

import io.iir.backend.EventTap;
import io.iir.openai.StreamedText;
import io.iir.transport.AnswerStream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Watches what a client has seen of a stream, and hands the stream over when it breaks off. One a
 * call, on its event loop.
 */
final class Handover implements EventTap {

  private final StreamResume resume;
  private final Exchange exchange;
  private final EventTap tap;
  private final @Nullable StreamedText text;
  private boolean seen;

  /**
   * Watches what {@code tap} lets pass.
   *
   * @param text takes what the client sees; null: once it has seen an event, nobody goes on
   * @param seen whether the client has seen an event of a call before
   */
  Handover(
      StreamResume resume,
      Exchange exchange,
      EventTap tap,
      @Nullable StreamedText text,
      boolean seen) {
    this.resume = resume;
    this.exchange = exchange;
    this.tap = tap;
    this.text = text;
    this.seen = seen;
  }

  /** Whether the client has seen an event, not only comments. */
  boolean seen() {
    return seen;
  }

  /** What the client has seen; null: that is not known. */
  @Nullable StreamedText text() {
    return text;
  }

  @Override
  public void sent() {
    tap.sent();
  }

  @Override
  public Verdict event(byte[] data, int offset, int length) {
    Verdict verdict = tap.event(data, offset, length);
    if (verdict == Verdict.PASS) {
      seen = true;
      if (text != null) {
        text.add(data, offset, length);
      }
    }
    return verdict;
  }

  @Override
  public boolean handsOver() {
    return (!seen || (text != null && text.canGoOn())) && resume.hasNext(exchange, seen);
  }

  @Override
  public boolean handOver(AnswerStream stream) {
    return !stream.isCancelled() && handsOver() && resume.goOn(exchange, this, stream);
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
  public void unpaid() {
    tap.unpaid();
  }

  @Override
  public byte[] broken(String code, String message) {
    return tap.broken(code, message);
  }
}
