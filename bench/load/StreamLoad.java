import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many streams at once from an {@link Upstream}, whose tokens are the times of their sending: the
 * time to the first token, how long each chunk was under way, and what became of the streams. The
 * connections are made before the clock starts.
 */
final class StreamLoad {

  private static final String TOKEN = "\"content\":";
  private static final int CONNECT_SECONDS = 30;

  private final EventLoopGroup loops;
  private final Target target;
  private final int from;
  private final Percentiles firsts = new Percentiles();
  private final Percentiles delays = new Percentiles();
  private final LongAdder complete = new LongAdder();
  private final LongAdder broken = new LongAdder();

  /** {@code from} numbers the first request, so that no two of a run are the same. */
  StreamLoad(EventLoopGroup loops, Target target, int from) {
    this.loops = loops;
    this.target = target;
    this.from = from;
  }

  /**
   * Sends the requests, evenly over the time for opening, and waits for the end of all streams, or
   * for the limit: those that still run are then left, and are neither complete nor broken.
   */
  String measure(int streams, int openingMillis, int limitMillis) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(streams);
    List<Channel> channels = connect(streams, ended);
    for (int i = channels.size(); i < streams; i++) {
      broken.increment();
      ended.countDown();
    }
    long start = System.nanoTime();
    for (int i = 0; i < channels.size(); i++) {
      long due = start + TimeUnit.MILLISECONDS.toNanos(openingMillis) * i / streams;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      byte[] request = target.request("\"stream\":true,", "Tell me story " + (from + i));
      Channel channel = channels.get(i);
      Reader reader = channel.pipeline().get(Reader.class);
      if (reader == null) {
        continue; // closed by the server, and counted as broken
      }
      reader.sent = System.nanoTime();
      channel.writeAndFlush(Unpooled.wrappedBuffer(request));
    }
    ended.await(limitMillis, TimeUnit.MILLISECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    long left = ended.getCount();
    String result =
        """
        {"streams":%d,"complete":%d,"broken":%d,"cut":%d,"chunks":%d,"seconds":%.3f,\
        "first_p50":%.3f,"first_p99":%.3f,"delay_p50":%.3f,"delay_p99":%.3f}\
        """
            .formatted(
                streams,
                complete.sum(),
                broken.sum(),
                left,
                delays.count(),
                seconds,
                firsts.millis(0.5),
                firsts.millis(0.99),
                delays.millis(0.5),
                delays.millis(0.99));
    for (Channel channel : channels) {
      channel.close();
    }
    return result.replace("NaN", "null");
  }

  /** Connects a hundred at a time; what cannot be connected is left out. */
  private List<Channel> connect(int streams, CountDownLatch ended) throws InterruptedException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpResponseDecoder(), new Reader(ended));
                  }
                });
    List<Channel> channels = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
    while (channels.size() < streams && System.nanoTime() < end) {
      List<ChannelFuture> some = new ArrayList<>();
      for (int i = channels.size(); i < Math.min(streams, channels.size() + 100); i++) {
        some.add(bootstrap.connect(target.url().getHost(), target.url().getPort()));
      }
      for (ChannelFuture one : some) {
        if (one.await().isSuccess()) {
          channels.add(one.channel());
        }
      }
    }
    return channels;
  }

  /** Reads one stream to its end. */
  private final class Reader extends SimpleChannelInboundHandler<HttpObject> {

    private final CountDownLatch ended;
    private volatile long sent;
    private String rest = "";
    private boolean refused;
    private boolean started;
    private boolean done;
    private boolean over;

    Reader(CountDownLatch ended) {
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
      rest = rest.isEmpty() ? text : rest + text;
      int from = 0;
      for (int to = rest.indexOf("\n\n"); to >= 0; to = rest.indexOf("\n\n", from)) {
        event(rest.substring(from, to), now);
        from = to + 2;
      }
      rest = rest.substring(from);
    }

    private void event(String event, long now) {
      done |= event.endsWith("data: [DONE]");
      int token = event.indexOf(TOKEN);
      int quote = token < 0 ? -1 : event.indexOf('"', token + TOKEN.length());
      int end = quote < 0 ? -1 : event.indexOf('"', quote + 1);
      if (end > quote + 1 && Character.isDigit(event.charAt(quote + 1))) {
        delays.add(now - Long.parseLong(event, quote + 1, end, 10));
        if (!started) {
          started = true;
          firsts.add(now - sent);
        }
      }
    }

    private void end(boolean whole) {
      if (!over) {
        over = true;
        (whole ? complete : broken).increment();
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
