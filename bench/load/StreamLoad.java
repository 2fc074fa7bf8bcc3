import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Opens many streams at once and prints how long each chunk was under way. It is the {@link
 * Upstream}, too, so sender and receiver read one clock.
 *
 * <p>Arguments: UPSTREAM-PORT KEY STREAMS CHUNKS GAP-MS ROUNDS NAME=URL… ; the URLs take turns, in
 * alternating order, after one round each to warm up.
 */
final class StreamLoad {

  private static final String TOKEN = "\"content\":\"";

  private final EpollEventLoopGroup loops;
  private final String key;
  private final int chunks;
  private final int gapMillis;

  private StreamLoad(EpollEventLoopGroup loops, String key, int chunks, int gapMillis) {
    this.loops = loops;
    this.key = key;
    this.chunks = chunks;
    this.gapMillis = gapMillis;
  }

  /** What became of a server's streams, with the delays of each round. */
  private static final class Outcome {
    final String name;
    final URI url;
    final List<Percentiles> rounds = new ArrayList<>();
    final LongAdder complete = new LongAdder();
    final LongAdder broken = new LongAdder();

    Outcome(String name, URI url) {
      this.name = name;
      this.url = url;
    }

    /** The percentile of the median round: neighbours on the machine disturb some. */
    double median(double share) {
      double[] each = rounds.stream().mapToDouble(round -> round.millis(share)).sorted().toArray();
      return each[each.length / 2];
    }

    /** The percentile of the calmest round. */
    double best(double share) {
      return rounds.stream().mapToDouble(round -> round.millis(share)).min().orElse(Double.NaN);
    }
  }

  public static void main(String[] args) throws Exception {
    EpollEventLoopGroup sending = new EpollEventLoopGroup(1);
    EpollEventLoopGroup receiving = new EpollEventLoopGroup(1);
    Upstream.start(sending, Integer.parseInt(args[0]));
    int streams = Integer.parseInt(args[2]);
    int rounds = Integer.parseInt(args[5]);
    StreamLoad load =
        new StreamLoad(receiving, args[1], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    Outcome[] outcomes = new Outcome[args.length - 6];
    for (int i = 0; i < outcomes.length; i++) {
      String[] parts = args[6 + i].split("=", 2);
      outcomes[i] = new Outcome(parts[0], URI.create(parts[1]));
      load.round(new Outcome(parts[0], URI.create(parts[1])), streams);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < outcomes.length; i++) {
        load.round(outcomes[round % 2 == 0 ? i : outcomes.length - 1 - i], streams);
      }
    }
    print(outcomes);
    System.exit(0);
  }

  private static void print(Outcome[] outcomes) {
    System.out.println(
        "| | complete | broken | chunks | delay p50 ms | p99 ms | calmest round: p50 | p99 | added p99 |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (Outcome outcome : outcomes) {
      System.out.printf(
          "| %s | %d | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
          outcome.name,
          outcome.complete.sum(),
          outcome.broken.sum(),
          outcome.rounds.stream().mapToInt(Percentiles::count).sum(),
          outcome.median(0.5),
          outcome.median(0.99),
          outcome.best(0.5),
          outcome.best(0.99),
          outcome.best(0.99) - outcomes[0].best(0.99));
    }
  }

  /** Opens the streams a few at a time, and waits for the end of all. */
  private void round(Outcome outcome, int streams) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(streams);
    Percentiles delays = new Percentiles();
    outcome.rounds.add(delays);
    for (int i = 0; i < streams; i++) {
      if (i % 10 == 9) {
        Thread.sleep(10);
      }
      open(outcome, delays, ended);
    }
    if (!ended.await(chunks * gapMillis * 2L + 60_000, TimeUnit.MILLISECONDS)) {
      outcome.broken.add(ended.getCount());
    }
  }

  private void open(Outcome outcome, Percentiles delays, CountDownLatch ended) {
    new Bootstrap()
        .group(loops)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpClientCodec(), new Reader(outcome, delays, ended));
              }
            })
        .connect(outcome.url.getHost(), outcome.url.getPort())
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                connected.channel().writeAndFlush(request());
              } else {
                outcome.broken.increment();
                ended.countDown();
              }
            });
  }

  private HttpRequest request() {
    byte[] body =
        """
        {"model":"bench/stream-%d-%d","stream":true,"messages":[{"role":"user","content":"Go"}]}"""
            .formatted(chunks, gapMillis)
            .getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/v1/chat/completions",
            Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, "127.0.0.1")
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
        .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key);
    return request;
  }

  /** Reads one stream to its end. */
  private static final class Reader extends SimpleChannelInboundHandler<HttpObject> {

    private final Outcome outcome;
    private final Percentiles delays;
    private final CountDownLatch ended;
    private String rest = "";
    private boolean refused;
    private boolean done;
    private boolean over;

    Reader(Outcome outcome, Percentiles delays, CountDownLatch ended) {
      this.outcome = outcome;
      this.delays = delays;
      this.ended = ended;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      long now = System.nanoTime();
      if (part instanceof HttpResponse response) {
        refused = response.status().code() != 200;
      }
      if (part instanceof HttpContent content) {
        read(content.content().toString(StandardCharsets.US_ASCII), now);
        if (part instanceof LastHttpContent) {
          end(done && !refused);
          context.close();
        }
      }
    }

    /** Takes the whole events from what has come; a read may end within one. */
    private void read(String text, long now) {
      rest += text;
      int from = 0;
      for (int to = rest.indexOf("\n\n"); to >= 0; to = rest.indexOf("\n\n", from)) {
        event(rest.substring(from, to), now);
        from = to + 2;
      }
      rest = rest.substring(from);
    }

    private void event(String event, long now) {
      done = event.equals("data: [DONE]");
      int token = event.indexOf(TOKEN) + TOKEN.length();
      if (token >= TOKEN.length()) {
        delays.add(now - Long.parseLong(event, token, event.indexOf('"', token), 10));
      }
    }

    private void end(boolean complete) {
      if (!over) {
        over = true;
        (complete ? outcome.complete : outcome.broken).increment();
        ended.countDown();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
