package io.iir.flow;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What clients are told by a gateway that stops. Stateless. */
public final class Stopping {

  /** The word for it, in errors and in the usage of answers that it cuts short. */
  public static final String CODE = "no_target_available";

  private static final byte[] EVENT = event();

  private Stopping() {}

  /** To a request that is not answered any more. */
  public static ApiException refusal() {
    return new ApiException(
        ApiError.server(503, CODE, "the gateway is stopping; try again"),
        Map.of("Retry-After", "1", "Connection", "close"));
  }

  /** The event that ends a stream which is not complete; to be handed over. */
  public static ByteBuf lastEvent() {
    return Unpooled.wrappedBuffer(EVENT);
  }

  private static byte[] event() {
    ApiError error =
        ApiError.server(503, CODE, "the gateway is stopping; the answer is not complete");
    String data = new String(error.toJson(), StandardCharsets.UTF_8);
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
