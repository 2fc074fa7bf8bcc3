package io.iir.flow.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestBodyTest {

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

  @AfterEach
  void holdsNothing() {
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private static HttpHeaders headers(String... headers) {
    HttpHeaders all = new DefaultHttpHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.set(headers[i], headers[i + 1]);
    }
    return all;
  }

  private boolean add(RequestBody body, String text) {
    ByteBuf bytes = buffer(allocator, text);
    try {
      return body.add(bytes);
    } finally {
      bytes.release();
    }
  }

  private static ByteBuf buffer(ByteBufAllocator allocator, String text) {
    return allocator.heapBuffer().writeBytes(text.getBytes(UTF_8));
  }

  @Test
  void isEmptyIfNothingCame() {
    assertThat(new RequestBody(headers(), 10).take()).isEmpty();
    assertThat(new RequestBody(headers("Content-Length", "0"), 10).take()).isEmpty();
  }

  @Test
  void gathersWhatWasAnnounced() {
    RequestBody body = new RequestBody(headers("Content-Length", "10"), 10);

    assertThat(add(body, "hello")).isTrue();
    assertThat(add(body, "world")).isTrue();

    assertThat(body.take()).asString(UTF_8).isEqualTo("helloworld");
    assertThat(body.take()).isEmpty();
  }

  @Test
  void gathersChunks() {
    RequestBody body = new RequestBody(headers("Transfer-Encoding", "chunked"), 5000);
    for (int i = 0; i < 1000; i++) {
      assertThat(add(body, "12345")).isTrue();
    }

    assertThat(body.take()).hasSize(5000);
  }

  @Test
  void gathersMoreOrLessThanWasAnnounced() {
    RequestBody more = new RequestBody(headers("Content-Length", "3"), 100);
    add(more, "ab");
    add(more, "cdef");
    assertThat(more.take()).asString(UTF_8).isEqualTo("abcdef");

    RequestBody less = new RequestBody(headers("Content-Length", "3"), 100);
    add(less, "ab");
    assertThat(less.take()).asString(UTF_8).isEqualTo("ab");
  }

  @Test
  void doesNotTrustTheLengthOfWhatIsInflated() {
    RequestBody body =
        new RequestBody(headers("Content-Length", "3", "Content-Encoding", "gzip"), 100);
    add(body, "longer than three");

    assertThat(body.take()).hasSize(17);
  }

  @Test
  void refusesMoreThanTheLimit() {
    RequestBody body = new RequestBody(headers(), 5);

    assertThat(add(body, "12345")).isTrue();
    assertThat(add(body, "6")).isFalse();
    body.close();
  }

  @Test
  void dropsWhatItHasWhenItIsClosed() {
    RequestBody body = new RequestBody(headers("Content-Length", "junk"), 100);
    add(body, "hello");
    body.close();
    body.close();

    assertThat(body.take()).isEmpty();
  }
}
