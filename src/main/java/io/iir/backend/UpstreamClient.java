package io.iir.backend;

import io.iir.transport.AnswerStream;
import io.iir.transport.Deadlines;
import io.iir.transport.EventLoops;
import io.iir.transport.FlushTogether;
import io.iir.transport.InflateOnDemand;
import io.iir.transport.OutboundProxy;
import io.iir.transport.Proxies;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Calls providers over HTTP/1.1, each call on the event loop it is told to run on, over connections
 * that are kept and reused by that loop.
 *
 * <p>Redirects are never followed. Thread-safe.
 */
public final class UpstreamClient {

  private static final int MAX_LINE = 4096;
  private static final int MAX_HEADERS = 64 << 10;
  private static final int MAX_CHUNK = 64 << 10;

  /**
   * A connection is read a little at a time, then others of its loop have their turn: a stream that
   * comes faster than it can go on must not hold up the others that do.
   */
  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(512, 2048, 4 << 10).maxMessagesPerRead(1);

  /**
   * What connections are pooled by.
   *
   * @param provider for whom
   * @param origin where to
   */
  private record Place(String provider, Origin origin) {}

  /** For calls whose outcome is told in a stream. */
  private static final UpstreamListener NOBODY =
      new UpstreamListener() {
        @Override
        public void answered(int status, HttpHeaders headers, byte[] body) {}

        @Override
        public void streaming(HttpHeaders headers, AnswerStream stream) {}

        @Override
        public void failed(UpstreamException failure) {}
      };

  private final EventLoops loops;
  private final SslContext tls;
  private final Proxies proxies;
  private final ConcurrentMap<Place, OriginQuota> quotas = new ConcurrentHashMap<>();
  private final FastThreadLocal<Map<Place, UpstreamPool>> pools =
      new FastThreadLocal<>() {
        @Override
        protected Map<Place, UpstreamPool> initialValue() {
          return new HashMap<>();
        }
      };

  /**
   * A client on {@code loops} that trusts whom {@code tls} trusts, and calls by {@code proxies}.
   */
  public UpstreamClient(EventLoops loops, SslContext tls, Proxies proxies) {
    this.loops = loops;
    this.tls = tls;
    this.proxies = proxies;
  }

  /**
   * Starts a call on {@code loop}; {@code listener} hears of its end, {@code tap} sees the events
   * if a stream comes. May be called from any thread.
   *
   * @param bounds how many connections to the request's origin and waiting calls its provider may
   *     have in all
   * @param opening what must be waited for first: tells, on any thread, where the call goes instead
   *     of to the request's origin, or fails with an {@link UpstreamException}; null: nothing
   */
  public UpstreamCall call(
      UpstreamRequest request,
      PoolBounds bounds,
      EventLoop loop,
      EventTap tap,
      @Nullable CompletableFuture<Origin> opening,
      UpstreamListener listener) {
    UpstreamCall call = new UpstreamCall(request, loop, loops.deadlines(loop), tap, listener);
    if (loop.inEventLoop()) {
      begin(call, request, bounds, loop, opening);
    } else {
      loop.execute(() -> begin(call, request, bounds, loop, opening));
    }
    return call;
  }

  /** How the connections to each provider are used that was called. */
  Map<String, PoolUse> use() {
    Map<String, PoolUse> all = new HashMap<>();
    quotas.forEach((place, quota) -> {
      int idle = quota.idle();
      int active = Math.max(0, quota.open() - idle);
      all.merge(place.provider(), new PoolUse(active, idle, quota.waiting()), PoolUse::plus);
    });
    return all;
  }

  /** How many calls to {@code provider} wait for a connection. */
  public int waiting(String provider) {
    return quotas.entrySet().stream()
        .filter(each -> each.getKey().provider().equals(provider))
        .mapToInt(each -> each.getValue().waiting())
        .sum();
  }

  /**
   * Starts a call that goes on with {@code begun}, a stream that another call has broken off. To be
   * called on its loop. What becomes of it is told in the stream.
   *
   * @param opening as in {@link #call}
   */
  public void goOn(
      UpstreamRequest request,
      PoolBounds bounds,
      AnswerStream begun,
      EventTap tap,
      @Nullable CompletableFuture<Origin> opening) {
    EventLoop loop = begun.loop();
    UpstreamCall call = new UpstreamCall(request, loop, loops.deadlines(loop), tap, NOBODY, begun);
    begin(call, request, bounds, loop, opening);
  }

  private void begin(
      UpstreamCall call,
      UpstreamRequest request,
      PoolBounds bounds,
      EventLoop loop,
      @Nullable CompletableFuture<Origin> opening) {
    if (opening == null) {
      call.start(pool(request, request.origin(), bounds, loop));
      return;
    }
    if (opening.state() == Future.State.SUCCESS) {
      call.startAt(opening.resultNow(), pool(request, opening.resultNow(), bounds, loop));
      return;
    }
    call.await();
    opening.whenComplete((origin, failure) ->
        loop.execute(() -> {
          if (failure != null) {
            call.notOpened(failure);
          } else {
            call.opened(origin, pool(request, origin, bounds, loop));
          }
        }));
  }

  private UpstreamPool pool(
      UpstreamRequest request, Origin origin, PoolBounds bounds, EventLoop loop) {
    Map<Place, UpstreamPool> ours = pools.get();
    Place place = new Place(bounds.provider(), origin);
    UpstreamPool pool = ours.get(place);
    if (pool == null) {
      OriginQuota quota = quotas.computeIfAbsent(place, here -> new OriginQuota(bounds));
      Bootstrap bootstrap = bootstrap(origin, request.limits(), loop);
      long connectNanos = request.limits().connect().toNanos();
      pool = new UpstreamPool(loop, () -> Connecting.start(bootstrap, loop, connectNanos), quota);
      ours.put(place, pool);
    }
    return pool;
  }

  private Bootstrap bootstrap(Origin origin, TimeLimits limits, EventLoop loop) {
    int connectMillis = (int) limits.connect().toMillis();
    Deadlines deadlines = loops.deadlines(loop);
    OutboundProxy proxy = proxies.proxyFor(origin.tls(), origin.host(), origin.port());
    boolean tunnelled = proxy != null && origin.tls();
    String host = proxy == null || tunnelled ? origin.host() : proxy.host();
    int port = proxy == null || tunnelled ? origin.port() : proxy.port();
    return new Bootstrap()
        .group(loop)
        .channel(loops.socketType())
        // Behind a tunnel it is the proxy that looks the host up.
        .resolver(tunnelled ? NoopAddressResolverGroup.INSTANCE : loops.resolver())
        .remoteAddress(InetSocketAddress.createUnresolved(host, port))
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.RCVBUF_ALLOCATOR, READS)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                ChannelPipeline pipeline = channel.pipeline();
                pipeline.addLast(new FlushTogether());
                if (proxy != null && tunnelled) {
                  ProxyLink.tunnel(pipeline, proxy, loops.resolver(), connectMillis);
                }
                if (origin.tls()) {
                  pipeline.addLast(tlsHandler(origin, channel, connectMillis));
                }
                pipeline.addLast(
                    new HttpClientCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK), new InflateOnDemand());
                if (proxy != null && !tunnelled) {
                  ProxyLink.wholeAddress(pipeline, proxy, origin);
                }
                pipeline.addLast(new UpstreamHandler(deadlines));
              }
            });
  }

  private SslHandler tlsHandler(Origin origin, Channel channel, int handshakeMillis) {
    SslHandler handler = tls.newHandler(channel.alloc(), origin.host(), origin.port());
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    return handler;
  }
}
