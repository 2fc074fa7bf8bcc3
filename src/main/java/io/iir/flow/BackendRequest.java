package io.iir.flow;

import io.iir.backend.AnswerTranslator;
import io.iir.backend.ChatTap;
import io.iir.backend.CopyRoom;
import io.iir.backend.EventCopy;
import io.iir.backend.EventTap;
import io.iir.backend.OperationTap;
import io.iir.backend.Origin;
import io.iir.backend.PoolBounds;
import io.iir.backend.Tally;
import io.iir.backend.TimeLimits;
import io.iir.backend.UpstreamException;
import io.iir.config.IirProperties;
import io.iir.config.Protocol;
import io.iir.flow.relay.RelayCall;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.Protocols;
import io.iir.protocol.WireCall;
import io.iir.protocol.credentials.Credentials;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes the call to the next target: the client's body with the target's model in it, the gateway's
 * own headers, the provider's key. Thread-safe.
 */
@Component
public final class BackendRequest implements Processor {

  private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);
  private static final AsciiString USER_AGENT = AsciiString.cached("iir");

  /** Which target of which provider: what does not change from call to call is known by it. */
  private record Callee(Provider provider, URI baseUrl) {}

  /**
   * How to call it.
   *
   * @param origin its host
   * @param basePath what the call's path is put behind
   * @param credentials what it knows the gateway by
   */
  private record Address(
      Origin origin,
      String basePath,
      Credentials credentials,
      TimeLimits limits,
      PoolBounds bounds) {

    /** Without the provider's key. */
    @Override
    public String toString() {
      return "Address[%s%s]".formatted(origin.authority(), basePath);
    }
  }

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

  private final ConcurrentMap<Callee, Address> addresses = new ConcurrentHashMap<>();
  private final long keepAliveNanos;
  private final int copyLimit;
  private final CopyRoom copyRoom;
  private final Protocols protocols;
  private final Cover cover;
  private final JudgeSamples samples;

  /**
   * Calls in {@code protocols} as {@code properties} say; streams are copied for the cache in
   * {@code copyRoom}, and answers limited as {@code cover} says; {@code samples} read along.
   */
  BackendRequest(
      IirProperties properties,
      CopyRoom copyRoom,
      Protocols protocols,
      Cover cover,
      JudgeSamples samples) {
    this.samples = samples;
    this.cover = cover;
    this.protocols = protocols;
    long keepAlive = properties.stream().keepAlive().toNanos();
    this.keepAliveNanos = keepAlive == 0 ? Long.MAX_VALUE : keepAlive;
    this.copyLimit = (int) Math.min(Integer.MAX_VALUE, properties.cache().maxEntry().toBytes());
    this.copyRoom = copyRoom;
  }

  @Override
  public void process(Exchange exchange) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    ModelRequest request = cover.request(exchange, attempts.advance());
    Resolved target = attempts.call().resolved();
    Tally tally = Variables.TALLY.get(exchange);
    tally.calling();
    WireCall wire;
    try {
      wire = protocols.call(request, target);
    } catch (ApiException refusal) {
      Variables.CALL_FAILURE.set(exchange, UpstreamException.unable(refusal));
      return;
    }
    noteDropped(exchange, wire.dropped());
    exchange.getMessage().setBody(wire.body());
    EventTap tap = tap(exchange, request, target.provider(), tally);
    Variables.RELAY_CALL.set(exchange, call(exchange, request, wire, tap, wire.translator()));
  }

  /** The call {@code wire} to the current target. */
  RelayCall call(
      Exchange exchange,
      ModelRequest request,
      WireCall wire,
      EventTap tap,
      @Nullable AnswerTranslator translator) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    Resolved target = attempts.call().resolved();
    Address address = address(target);
    Origin origin = address.origin();
    String path = address.basePath() + wire.path();
    HttpHeaders headers = headers(exchange, request, wire);
    CallTraces.begin(exchange, request, origin, headers);
    CompletableFuture<Void> signing = address.credentials().put(headers, origin, path, wire.body());
    return new RelayCall(
        origin,
        path,
        headers,
        address.limits().within(attempts.timeLeft()),
        address.bounds(),
        request.stream(),
        request.operation() == Operation.CHAT ? keepAliveNanos : Long.MAX_VALUE,
        tap,
        translator,
        signing == null ? null : signing.thenApply(signed -> origin));
  }

  /** The client is told what was left out for the target that answers. */
  static void noteDropped(Exchange exchange, List<String> dropped) {
    if (!dropped.isEmpty()) {
      Variables.DROPPED.set(exchange, dropped);
    } else if (Variables.DROPPED.find(exchange) != null) {
      Variables.DROPPED.remove(exchange); // of the target before
    }
  }

  /**
   * Nothing of the client's but what attempts pass on; every value was checked when it came. What
   * the protocol wants counts before it, unless the client speaks an API of its own: then it knows
   * which version it speaks.
   */
  private static HttpHeaders headers(Exchange exchange, ModelRequest request, WireCall wire) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    Protocol protocol = attempts.call().resolved().provider().protocol();
    attempts
        .passedOn()
        .forEach((name, value) -> {
          if (concerns(name, protocol)) {
            headers.add(name, value);
          }
        });
    headers
        .add(REQUEST_ID, Variables.REQUEST_ID.get(exchange))
        .add(HttpHeaderNames.USER_AGENT, USER_AGENT)
        .add(HttpHeaderNames.ACCEPT, accept(request))
        .add(HttpHeaderNames.CONTENT_TYPE, wire.contentType());
    boolean asItCame = request instanceof ChatRequest chat && chat.original() != null;
    wire.headers()
        .forEach((name, value) -> {
          if (!asItCame || !headers.contains(name)) {
            headers.set(name, value);
          }
        });
    return headers;
  }

  private static CharSequence accept(ModelRequest request) {
    if (request.stream()) {
      return HttpHeaderValues.TEXT_EVENT_STREAM;
    }
    return switch (request.operation()) {
      case SPEECH, TRANSCRIPTION -> "*/*";
      default -> HttpHeaderValues.APPLICATION_JSON;
    };
  }

  /** What a client says to one vendor is no other's business. */
  private static boolean concerns(String header, Protocol protocol) {
    return header.startsWith("anthropic-")
        ? protocol == Protocol.ANTHROPIC
        : !header.startsWith("openai-") || protocol == Protocol.OPENAI;
  }

  private EventTap tap(Exchange exchange, ModelRequest request, Provider provider, Tally tally) {
    if (request.operation() != Operation.CHAT) {
      return new OperationTap(request.operation(), tally, provider.name());
    }
    EventCopy copy = null;
    if (request.stream() && Variables.CACHE_PLACE.find(exchange) != null) {
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
    EventTap tap = new ChatTap(tally, usageChunk, provider.name(), request.n(), copy);
    return CallTraces.readAlong(exchange, samples.readAlong(exchange, request, tap));
  }

  private Address address(Resolved target) {
    Callee callee = new Callee(target.provider(), target.baseUrl());
    Address known = addresses.get(callee);
    return known != null ? known : addresses.computeIfAbsent(callee, BackendRequest::addressOf);
  }

  private static Address addressOf(Callee callee) {
    Provider provider = callee.provider();
    boolean simulated = provider.protocol() == Protocol.SIM;
    String base = callee.baseUrl().getRawPath();
    return new Address(
        simulated ? new Origin(false, "sim", 1) : Origin.of(callee.baseUrl()),
        simulated || base == null ? "" : base,
        Credentials.of(provider.access(), provider.apiKey()),
        new TimeLimits(
            provider.timeouts().connect(),
            provider.timeouts().firstToken(),
            provider.timeouts().betweenTokens(),
            provider.timeouts().total(),
            provider.timeouts().total()),
        new PoolBounds(provider.name(), provider.maxConnections(), provider.maxPending()));
  }
}
