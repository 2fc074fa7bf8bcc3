package io.iir.flow.engine;

import io.iir.config.StartException;
import io.iir.flow.Stopping;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.transport.AnswerStream;
import io.iir.transport.EventLoops;
import io.iir.transport.FlushTogether;
import io.iir.transport.InflateOnDemand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The HTTP server. It opens its port when all routes run. When told to stop it says so where its
 * readiness is asked for, takes requests for a while yet if it is to, then refuses them, and lets
 * the answers under way end, while health and metrics go on being answered; what has not ended in
 * time is ended by a word to its client. Thread-safe.
 */
public final class GatewayServer implements SmartLifecycle {

  private static final String GUARD = "iir.guard";

  private final NettyHttpEngine engine;
  private final EventLoops loops;
  private final EngineSettings settings;
  private final BodyPolicy bodies;
  private final Consumer<ApiError> refusals;
  private final Shutdown shutdown;
  private final AtomicLong heldBytes = new AtomicLong();
  private volatile @Nullable DisposableServer server;
  private volatile boolean open;

  /**
   * A server for the routes of {@code engine}, which reads the bodies that {@code bodies} wants and
   * tells {@code refusals} what it refuses itself.
   */
  public GatewayServer(
      NettyHttpEngine engine,
      EventLoops loops,
      EngineSettings settings,
      BodyPolicy bodies,
      Consumer<ApiError> refusals) {
    this.engine = engine;
    this.loops = loops;
    this.settings = settings;
    this.bodies = bodies;
    this.refusals = refusals;
    this.shutdown = new Shutdown(loops, settings);
  }

  EngineSettings settings() {
    return settings;
  }

  /** The port that is listened on, also where 0 was asked for; -1 while there is none. */
  public int port() {
    DisposableServer running = server;
    return running == null ? -1 : running.port();
  }

  /** Whether the gateway takes requests: its routes run and it is not about to stop. */
  public boolean ready() {
    return server != null && open && !shutdown.hasBegun();
  }

  /** The routes run: from now on requests are taken. */
  public void open() {
    open = true;
  }

  /** How many requests are being answered. */
  public int inFlight() {
    return shutdown.inFlight();
  }

  // ---- requests

  /** The route for {@code request}, or the refusal. */
  RouteTable.Match.Found admit(HttpServerRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    if (!open && !isHealth(request.method().name(), path)) {
      throw new ApiException(
          ApiError.server(503, "no_target_available", "the gateway is starting; try again"),
          Map.of("Retry-After", "1", "Connection", "close"));
    }
    if (shutdown.refuses() && !path.startsWith("/health") && !path.equals("/metrics")) {
      throw Stopping.refusal();
    }
    RouteTable.Match.Found found = find(request.method().name(), path);
    MediaTypes.check(found.consumer().getEndpoint().getConsumes(), request.requestHeaders());
    return found;
  }

  /** Whether it asks how the gateway is, and the route that says so runs already. */
  private boolean isHealth(String method, String path) {
    return (path.equals("/health") || path.startsWith("/health/"))
        && !(engine.table().find(method, path) instanceof RouteTable.Match.Nothing);
  }

  private RouteTable.Match.Found find(String method, String path) {
    return switch (engine.table().find(method, path)) {
      case RouteTable.Match.Found found -> found;
      case RouteTable.Match.WrongMethod wrong ->
          throw new ApiException(
              ApiError.invalid(
                  405,
                  "method_not_allowed",
                  "%s is not answered on %s; use %s".formatted(method, path, wrong.allowed()),
                  null),
              Map.of(HttpHeaderNames.ALLOW.toString(), wrong.allowed()));
      case RouteTable.Match.Nothing _ ->
          throw new ApiException(
              ApiError.invalid(
                  404,
                  "not_found",
                  "there is nothing at %s; GET /openapi.yaml lists what there is".formatted(path),
                  null));
    };
  }

  /** Whether the body of {@code request}, if it has one, is to be read for {@code found}. */
  boolean wantsBody(RouteTable.Match.Found found, HttpServerRequest request) {
    HttpHeaders headers = request.requestHeaders();
    boolean announced =
        headers.contains(HttpHeaderNames.CONTENT_LENGTH)
            || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    if (!announced) {
      return true;
    }
    RouteDefinition route = found.consumer().definition();
    return route == null || bodies.wantsBody(route, headers);
  }

  /** Whether no new requests are taken any more: connections end with the answers on them. */
  boolean refuses() {
    return shutdown.refuses();
  }

  /** From here to {@link #ended} a stop waits for the answer. */
  void began() {
    shutdown.began();
  }

  /** The route has ended, its answer goes on: in JMX, too, the exchange stays in flight. */
  void streams(Exchange exchange) {
    exchange.getContext().getInflightRepository().add(exchange, exchange.getFromRouteId());
  }

  /** The exchange has done all it had to, and whoever waits for that is told. */
  void done(Exchange exchange, NettyHttpConsumer consumer) {
    if (exchange.getMessage().getBody() instanceof AnswerStream) {
      exchange.getContext().getInflightRepository().remove(exchange, exchange.getFromRouteId());
    }
    consumer.doneUoW(exchange);
    consumer.releaseExchange(exchange, false);
  }

  /** How many bytes of request bodies are in memory now, of all clients together. */
  public long held() {
    return heldBytes.get();
  }

  /**
   * Makes room for {@code bytes} more of request bodies, to be given back to {@link #ended}; false,
   * and nothing to give back, if all together would take more than they may.
   */
  boolean hold(int bytes) {
    if (heldBytes.addAndGet(bytes) <= settings.maxHeld()) {
      return true;
    }
    heldBytes.addAndGet(-bytes);
    return false;
  }

  /** The answer is out, or will never be; {@code held} bytes of its request are free again. */
  void ended(long held) {
    shutdown.ended();
    heldBytes.addAndGet(-held);
  }

  /** A request is refused with {@code error} before any route has seen it. */
  void refused(ApiError error) {
    refusals.accept(error);
  }

  RequestGuard guard(Channel channel) {
    return (RequestGuard) channel.pipeline().get(GUARD);
  }

  // ---- life

  @Override
  public void start() {
    HttpServer configured =
        HttpServer.create()
            .host(settings.host())
            .port(settings.port())
            .protocol(HttpProtocol.HTTP11)
            .runOn(loops.resources(), true)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true) // FlushTogether closes
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(16 << 10, 64 << 10))
            .httpRequestDecoder(spec -> spec.maxInitialLineLength(8 << 10).maxHeaderSize(64 << 10))
            .doOnChannelInit((observer, channel, address) -> addGuard(channel))
            .handle((request, response) -> new ServerCall(this, request, response));
    if (settings.tls() != null) {
      configured = configured.secure(spec -> spec.sslContext(settings.tls()));
    }
    try {
      server = configured.bindNow();
    } catch (RuntimeException e) {
      if (e.getCause() instanceof UnresolvedAddressException) {
        throw new StartException(
            "The host '%s' has no address here.".formatted(settings.host()),
            "Name an address of this machine in IIR_HOST: 0.0.0.0 is all of them, 127.0.0.1 this"
                + " machine alone.",
            e);
      }
      throw new StartException(
          "Port %d of %s cannot be opened: %s."
              .formatted(settings.port(), settings.host(), reason(e)),
          "Stop what listens there, or name another port in IIR_PORT.",
          e);
    }
  }

  /** Without the system call and its number, which Netty puts before it. */
  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage())
        .replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
  }

  private void addGuard(Channel channel) {
    RequestGuard guard =
        new RequestGuard(
            channel,
            settings,
            loops.deadlines(channel.eventLoop()),
            shutdown.calls(channel.eventLoop()),
            this::refused);
    channel
        .pipeline()
        .addFirst(new FlushTogether())
        .addBefore(NettyPipeline.HttpCodec, RequestGuard.BYTES, guard.byteCounter())
        .addAfter(NettyPipeline.HttpCodec, GUARD, guard)
        .addAfter(GUARD, "iir.inflate-on-demand", new InflateOnDemand());
  }

  @Override
  public void stop() {
    shutdown.await();
    DisposableServer running = server;
    server = null;
    if (running != null) {
      running.disposeNow();
    }
  }

  @Override
  public boolean isRunning() {
    return server != null;
  }

  /** Starts after, and stops before, everything else: the routes run while the port is open. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
