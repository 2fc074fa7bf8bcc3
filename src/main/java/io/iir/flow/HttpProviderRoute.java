package io.iir.flow;

import io.iir.backend.Origin;
import io.iir.backend.UpstreamException;
import io.iir.backend.UpstreamException.Kind;
import io.iir.flow.relay.RelayCall;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * The route {@code http-provider}: calls a provider by Camel's own {@code http:} component, where
 * the gateway runs on the engine of Camel's starter instead of its own. Blocks.
 */
@Component
@ConditionalOnProperty(name = "gateway.engine", havingValue = "starter")
public final class HttpProviderRoute extends RouteBuilder {

  @Override
  public void configure() {
    from("direct:http-provider")
        .routeId("http-provider")
        .description("Call a provider by Camel's http component")
        .errorHandler(noErrorHandler())
        .doTry()
        .id("http-provider.attempt")
        .process(HttpProviderRoute::address)
        .id("http-provider.address")
        .to("http:provider?throwExceptionOnFailure=false")
        .id("http-provider.call")
        .doCatch(IOException.class)
        .id("http-provider.no-answer")
        .process(HttpProviderRoute::note)
        .id("http-provider.note")
        .end();
  }

  private static void address(Exchange exchange) throws IOException, InterruptedException {
    RelayCall call = Variables.RELAY_CALL.get(exchange);
    Origin origin = opened(call);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    call.headers().forEach(header -> message.setHeader(header.getKey(), header.getValue()));
    message.setHeader(Exchange.HTTP_METHOD, "POST");
    message.setHeader(
        Exchange.HTTP_URI,
        "%s://%s%s".formatted(origin.tls() ? "https" : "http", origin.authority(), call.path()));
  }

  /** Where to call, once what must be started first is ready. */
  private static Origin opened(RelayCall call) throws IOException, InterruptedException {
    CompletableFuture<Origin> opening = call.opening();
    if (opening == null) {
      return call.origin();
    }
    try {
      return opening.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UpstreamException failure) {
        throw failure;
      }
      throw new UpstreamException(Kind.NOT_READY, "is not ready: " + e.getCause());
    }
  }

  private static void note(Exchange exchange) {
    IOException cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, IOException.class);
    if (cause instanceof UpstreamException known) {
      Variables.CALL_FAILURE.set(exchange, known);
      return;
    }
    String message = cause.getMessage();
    Variables.CALL_FAILURE.set(
        exchange,
        new UpstreamException(
            cause instanceof SocketTimeoutException ? Kind.TIMEOUT : Kind.UNREACHABLE,
            message == null ? cause.getClass().getSimpleName() : message,
            mayCost(cause)));
  }

  /** Whether it happened when the request had been sent; at connecting a subclass is thrown. */
  private static boolean mayCost(IOException cause) {
    return cause.getClass() == SocketTimeoutException.class
        || cause.getClass() == SocketException.class;
  }
}
