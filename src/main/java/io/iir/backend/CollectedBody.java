package io.iir.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/** A whole answer's body, gathered once: in place where its length is known beforehand. */
final class CollectedBody {

  /** A longer answer is refused: 64 MiB. */
  static final int MAX_LENGTH = 64 << 20;

  private byte @Nullable [] exact;
  private @Nullable ByteBuf growing;
  private int length;

  CollectedBody(HttpResponse head) {
    long announced = HttpUtil.getContentLength(head, -1L);
    if (announced >= 0 && announced <= MAX_LENGTH) {
      exact = new byte[(int) announced];
    }
  }

  /** Whether the answer announces more than it may have. */
  static boolean tooLarge(HttpResponse head) {
    return HttpUtil.getContentLength(head, -1L) > MAX_LENGTH;
  }

  /** Takes over {@code bytes}; false if there are more than an answer may have. */
  boolean add(ByteBuf bytes) {
    int count = bytes.readableBytes();
    boolean fits = length + count <= (exact != null ? exact.length : MAX_LENGTH);
    if (fits && exact != null) {
      bytes.readBytes(exact, length, count);
    } else if (fits) {
      if (growing == null) {
        growing = bytes.alloc().buffer(Math.max(1024, count));
      }
      growing.writeBytes(bytes);
    }
    length += count;
    bytes.release();
    return fits;
  }

  /** The whole body; this object holds nothing afterwards. */
  byte[] take() {
    byte[] whole = exact;
    if (whole == null) {
      whole = ByteBufUtil.getBytes(growing == null ? Unpooled.EMPTY_BUFFER : growing);
    }
    close();
    return whole;
  }

  /** Drops what has been gathered. */
  void close() {
    exact = null;
    if (growing != null) {
      growing.release();
      growing = null;
    }
  }
}
