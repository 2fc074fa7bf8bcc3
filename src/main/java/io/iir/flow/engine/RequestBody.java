package io.iir.flow.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request's body, gathered once; it holds what has arrived, never what was only announced. */
final class RequestBody {

  private static final byte[] EMPTY = new byte[0];
  private static final int TRUSTED_LENGTH = 64 << 10;

  private final long limit;
  private byte @Nullable [] exact;
  private @Nullable ByteBuf growing;
  private int length;

  RequestBody(HttpHeaders headers, long limit) {
    this.limit = limit;
    int announced = headers.getInt(HttpHeaderNames.CONTENT_LENGTH, -1);
    if (announced >= 0
        && announced <= TRUSTED_LENGTH
        && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
      exact = new byte[announced];
    }
  }

  /** Copies {@code bytes}, which stay the caller's; false if the body is longer than it may be. */
  boolean add(ByteBuf bytes) {
    int count = bytes.readableBytes();
    if (length + (long) count > limit) {
      return false;
    }
    if (exact != null && length + count <= exact.length) {
      bytes.readBytes(exact, length, count);
    } else {
      buffer(bytes).writeBytes(bytes);
    }
    length += count;
    return true;
  }

  private ByteBuf buffer(ByteBuf like) {
    ByteBuf buffer = growing;
    if (buffer == null) {
      buffer = like.alloc().buffer(Math.max(1024, like.readableBytes()));
      if (exact != null) {
        buffer.writeBytes(exact, 0, length);
        exact = null;
      }
      growing = buffer;
    }
    return buffer;
  }

  /** The whole body; this object holds nothing afterwards. */
  byte[] take() {
    byte[] whole = EMPTY;
    if (growing != null) {
      whole = ByteBufUtil.getBytes(growing);
    } else if (exact != null) {
      whole = exact.length == length ? exact : Arrays.copyOf(exact, length);
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
