package io.iir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * An {@link AnswerStream} for an engine that reads blocking. Read by one thread, not an event loop;
 * what it has not asked for is not made.
 */
public final class AnswerInput extends InputStream implements Subscriber<ByteBuf> {

  private static final byte[] END = new byte[0];

  private final AnswerStream stream;
  private final LinkedBlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
  private byte @Nullable [] current;
  private int position;
  private @Nullable Throwable failure;

  /** Reads {@code stream}, which nobody else may read. */
  public AnswerInput(AnswerStream stream) {
    this.stream = stream;
    stream.loop().execute(() -> stream.subscribe(this));
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(1);
  }

  @Override
  public void onNext(ByteBuf bytes) {
    if (bytes.isReadable()) {
      arrived.add(ByteBufUtil.getBytes(bytes));
    } else {
      stream.request(1);
    }
    bytes.release();
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause;
    arrived.add(END);
  }

  @Override
  public void onComplete() {
    arrived.add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    byte[] piece = current;
    if (piece == null || (position == piece.length && piece.length > 0)) {
      piece = next();
      current = piece;
      position = 0;
    }
    if (piece.length == 0) {
      if (failure != null) {
        throw new IOException("the answer broke off", failure);
      }
      return -1;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, count);
    position += count;
    return count;
  }

  private byte[] next() throws IOException {
    try {
      byte[] piece = arrived.take();
      if (piece.length > 0) {
        stream.loop().execute(() -> stream.request(1));
      }
      return piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the answer");
    }
  }

  @Override
  public void close() {
    stream.loop().execute(stream::cancel);
  }
}
