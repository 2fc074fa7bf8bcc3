package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

class CollectedBodyTest {

  @Test
  void aBodyOfKnownLength() {
    CollectedBody body = new CollectedBody(head(5));
    assertThat(add(body, "ab")).isTrue();
    assertThat(add(body, "cde")).isTrue();
    assertThat(new String(body.take(), UTF_8)).isEqualTo("abcde");
  }

  @Test
  void aBodyOfUnknownLength() {
    CollectedBody body = new CollectedBody(head(-1));
    assertThat(add(body, "ab")).isTrue();
    assertThat(add(body, "x".repeat(5000))).isTrue();
    assertThat(body.take()).hasSize(5002);
  }

  @Test
  void nothing() {
    assertThat(new CollectedBody(head(0)).take()).isEmpty();
    assertThat(new CollectedBody(head(-1)).take()).isEmpty();
  }

  @Test
  void moreThanAnnouncedIsRefused() {
    CollectedBody body = new CollectedBody(head(2));
    assertThat(add(body, "abc")).isFalse();
    body.close();
  }

  @Test
  void tooMuchIsRefused() {
    assertThat(CollectedBody.tooLarge(head(CollectedBody.MAX_LENGTH))).isFalse();
    assertThat(CollectedBody.tooLarge(head(CollectedBody.MAX_LENGTH + 1))).isTrue();
    assertThat(CollectedBody.tooLarge(head(-1))).isFalse();
    CollectedBody body = new CollectedBody(head(-1));
    ByteBuf huge = Unpooled.wrappedBuffer(new byte[CollectedBody.MAX_LENGTH]);
    assertThat(body.add(huge)).isTrue();
    assertThat(add(body, "x")).isFalse();
    body.close();
  }

  private static boolean add(CollectedBody body, String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, UTF_8);
    boolean fits = body.add(bytes);
    assertThat(bytes.refCnt()).isZero();
    return fits;
  }

  private static HttpResponse head(int length) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    if (length >= 0) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    return head;
  }
}
