package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.transport.AnswerStream;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Puts an exchange's answer, which is in OpenAI's form, into that of the API its client speaks:
 * whole answers at once, streams as they pass.
 */
final class AnswerForm {

  private AnswerForm() {}

  static void apply(ClientApi api, Exchange exchange) {
    ApiException refusal = Variables.ERROR.find(exchange);
    ModelRequest request = Variables.REQUEST.find(exchange);
    if (refusal != null) {
      error(api, exchange, refusal.error());
    } else if (request != null) {
      try {
        answer(api, exchange, request);
      } catch (IllegalArgumentException | UncheckedIOException e) {
        ApiError error =
            ApiError.server(
                502, "provider_error", "the model's answer has no form here: " + e.getMessage());
        Variables.ERROR.set(exchange, new ApiException(error));
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, error.status());
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        exchange.getMessage().setBody(error.toJson());
        error(api, exchange, error);
      }
    }
  }

  private static void error(ClientApi api, Exchange exchange, ApiError error) {
    byte[] body = api.error(error, Variables.REQUEST_ID.get(exchange));
    if (body != null) {
      exchange.getMessage().setBody(body);
    }
  }

  private static void answer(ClientApi api, Exchange exchange, ModelRequest request) {
    Message message = exchange.getMessage();
    String type = message.getHeader(Exchange.CONTENT_TYPE, "", String.class);
    if (message.getBody() instanceof AnswerStream stream) {
      StreamEncoder encoder = api.encoder(request);
      if (encoder != null) {
        stream.through(encoder);
      }
    } else if (message.getBody() instanceof byte[] body) {
      message.setBody(
          type.startsWith("text/event-stream")
              ? encoded(api.encoder(request), body)
              : api.answer(body, request));
    }
  }

  /** A stream that is here as a whole. */
  private static byte[] encoded(@Nullable StreamEncoder encoder, byte[] events) {
    if (encoder == null) {
      return events;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(events.length * 2);
    add(all, encoder.encode(Unpooled.wrappedBuffer(events)));
    add(all, encoder.end());
    return all.toByteArray();
  }

  private static void add(ByteArrayOutputStream all, @Nullable ByteBuf piece) {
    if (piece != null) {
      all.writeBytes(ByteBufUtil.getBytes(piece));
      piece.release();
    }
  }
}
