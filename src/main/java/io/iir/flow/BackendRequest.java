package io.iir.flow;

import io.iir.backend.ChatTap;
import io.iir.backend.CopyRoom;
import io.iir.backend.EventCopy;
import io.iir.backend.Origin;
import io.iir.backend.PoolBounds;
import io.iir.backend.Tally;
import io.iir.backend.TimeLimits;
import io.iir.config.IirProperties;
import io.iir.config.Protocol;
import io.iir.config.Secret;
import io.iir.flow.relay.RelayCall;
import io.iir.openai.ChatRequest;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;

/**
 * Makes the call to the next target: the client's body with the target's model in it, the gateway's
 * own headers, the provider's key. Thread-safe.
 */
@Component
public final class BackendRequest implements Processor {

  private static final String PATH = "/chat/completions";

  /**
   * How to call one base URL.
   *
   * @param url the endpoint, for components that take a URL
   * @param origin its host
   * @param path its path
   */
  private record Address(String url, Origin origin, String path) {}

  /**
   * Gives the copy's room back when the exchange is done, unless cache-store has taken the copy.
   */
  private static final Synchronization DROP_COPY =
      new SynchronizationAdapter() {
        @Override
        public void onDone(Exchange exchange) {
          EventCopy copy = Variables.EVENT_COPY.find(exchange);
          if (copy != null) {
            copy.close();
          }
        }
      };

  private final ConcurrentMap<URI, Address> addresses = new ConcurrentHashMap<>();
  private final long keepAliveNanos;
  private final int copyLimit;
  private final CopyRoom copyRoom;

  /** Calls as {@code properties} say; streams are copied for the cache in {@code copyRoom}. */
  public BackendRequest(IirProperties properties, CopyRoom copyRoom) {
    long keepAlive = properties.stream().keepAlive().toNanos();
    this.keepAliveNanos = keepAlive == 0 ? Long.MAX_VALUE : keepAlive;
    this.copyLimit = (int) Math.min(Integer.MAX_VALUE, properties.cache().maxEntry().toBytes());
    this.copyRoom = copyRoom;
  }

  @Override
  public void process(Exchange exchange) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    ChatRequest request = Variables.CHAT_REQUEST.get(exchange);
    Resolved target = attempts.advance().resolved();
    Provider provider = target.provider();
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(request.forUpstream(target.upstream()));
    attempts.passedOn().forEach(message::setHeader);
    message.setHeader("x-request-id", Variables.REQUEST_ID.get(exchange));
    message.setHeader("User-Agent", "iir");
    message.setHeader("Accept", request.stream() ? "text/event-stream" : "application/json");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    Secret key = provider.apiKey();
    if (key != null && !key.isEmpty()) {
      message.setHeader("Authorization", "Bearer " + key.value());
    }
    Tally tally = Variables.TALLY.get(exchange);
    tally.calling();
    ChatTap tap = tap(exchange, request, provider, tally);
    Address address = address(provider, target);
    message.setHeader(Exchange.HTTP_METHOD, "POST");
    message.setHeader(Exchange.HTTP_URI, address.url());
    Variables.RELAY_CALL.set(
        exchange,
        new RelayCall(
            address.origin(),
            address.path(),
            new TimeLimits(
                provider.timeouts().connect(),
                provider.timeouts().firstToken(),
                provider.timeouts().betweenTokens(),
                provider.timeouts().total()),
            new PoolBounds(provider.maxConnections(), provider.maxPending()),
            request.stream(),
            keepAliveNanos,
            tap));
  }

  private ChatTap tap(Exchange exchange, ChatRequest request, Provider provider, Tally tally) {
    EventCopy copy = null;
    if (request.stream() && Variables.CACHE_KEY.find(exchange) != null) {
      copy = new EventCopy(copyLimit, copyRoom);
      EventCopy before = Variables.EVENT_COPY.find(exchange);
      Variables.EVENT_COPY.set(exchange, copy);
      if (before == null) {
        exchange.getExchangeExtension().addOnCompletion(DROP_COPY);
      } else {
        before.close();
      }
    }
    ChatTap.UsageChunk usageChunk =
        request.includeUsage() ? ChatTap.UsageChunk.SHOWN : ChatTap.UsageChunk.HIDDEN;
    return new ChatTap(tally, usageChunk, provider.name(), request.n(), copy);
  }

  private Address address(Provider provider, Resolved target) {
    Address known = addresses.get(target.baseUrl());
    return known != null
        ? known
        : addresses.computeIfAbsent(target.baseUrl(), url -> addressOf(provider, url));
  }

  private static Address addressOf(Provider provider, URI base) {
    if (provider.protocol() == Protocol.SIM) {
      return new Address(base.toString(), new Origin(false, "sim", 1), PATH);
    }
    String path = (base.getRawPath() == null ? "" : base.getRawPath()) + PATH;
    return new Address(base + PATH, Origin.of(base), path);
  }
}
