import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A model server that the model's name tells what to do: {@code whole}, {@code status-<n>}, or
 * {@code stream-<chunks>-<gap ms>}, whose chunks carry the {@link System#nanoTime} of their sending
 * as the token: all processes of a Linux machine share that clock. The first chunk is sent at once;
 * a gap of 0 means as fast as they are taken. {@code DELETE /connections} closes all others.
 *
 * <p>As a program of its own it takes its port as its argument.
 */
final class Upstream {

  private static final ChannelGroup CONNECTIONS =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  private Upstream() {}

  public static void main(String[] args) throws InterruptedException {
    start(new EpollEventLoopGroup(1), Integer.parseInt(args[0]));
    Thread.currentThread().join();
  }

  static void start(EventLoopGroup loops, int port) throws InterruptedException {
    new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                CONNECTIONS.add(channel);
                channel
                    .pipeline()
                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Chat());
              }
            })
        .bind("127.0.0.1", port)
        .sync();
  }

  private static final class Chat extends SimpleChannelInboundHandler<FullHttpRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      if (request.uri().equals("/connections") && request.method().equals(HttpMethod.DELETE)) {
        CONNECTIONS.close(each -> each != context.channel());
      }
      String body = request.content().toString(StandardCharsets.UTF_8);
      String[] wish = model(body).replace("bench/", "").split("-", -1);
      switch (wish[0]) {
        case "stream" -> stream(context, Integer.parseInt(wish[1]), Integer.parseInt(wish[2]));
        case "status" -> whole(context, Integer.parseInt(wish[1]), ERROR);
        default -> whole(context, 200, ANSWER);
      }
    }

    /** The model's name; none in what is no chat request, as a look at the server's health. */
    private static String model(String body) {
      int member = body.indexOf("\"model\":");
      if (member < 0) {
        return "";
      }
      int name = body.indexOf('"', member + 8) + 1;
      return body.substring(name, body.indexOf('"', name));
    }

    private static final AttributeKey<Runnable> WAITING = AttributeKey.valueOf("waiting");

    private static final String ERROR =
        """
        {"error":{"message":"as was asked","type":"test","code":"test","param":null}}\
        """;

    private static final String ANSWER =
        """
        {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
        "message":{"role":"assistant","content":"It jumps over the lazy dog."},\
        "finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":7,"total_tokens":16}}\
        """;

    private static final String CHUNK =
        """
        data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":\
        [{"index":0,"delta":{"content":"%d"},"finish_reason":null}]}

        """;

    private static final String END =
        """
        data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":\
        [{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
        "usage":{"prompt_tokens":9,"completion_tokens":50,"total_tokens":59}}

        data: [DONE]

        """;

    private static void whole(ChannelHandlerContext context, int status, String json) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      HttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(status),
              Unpooled.wrappedBuffer(bytes));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
          .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
      context.writeAndFlush(response);
    }

    private static void stream(ChannelHandlerContext context, int chunks, int gapMillis) {
      HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
          .set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
      context.write(response, context.voidPromise());
      send(context, CHUNK.formatted(System.nanoTime()));
      next(context, chunks - 1, gapMillis);
    }

    /** Gaps vary by half of themselves, so that streams do not march in step. */
    private static void next(ChannelHandlerContext context, int left, int gapMillis) {
      Runnable turn =
          () -> {
            if (!context.channel().isActive()) {
              return;
            }
            if (left > 0) {
              send(context, CHUNK.formatted(System.nanoTime()));
              next(context, left - 1, gapMillis);
            } else {
              send(context, END);
              context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            }
          };
      if (gapMillis > 0) {
        long gap = gapMillis / 2 + ThreadLocalRandom.current().nextInt(gapMillis + 1);
        context.executor().schedule(turn, gap, TimeUnit.MILLISECONDS);
      } else if (context.channel().isWritable()) {
        context.executor().execute(turn);
      } else {
        context.channel().attr(WAITING).set(turn);
      }
    }

    /** A stream as fast as possible goes on when what it sent before is taken. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      Runnable turn = context.channel().attr(WAITING).getAndSet(null);
      if (turn != null && context.channel().isWritable()) {
        context.executor().execute(turn);
      } else if (turn != null) {
        context.channel().attr(WAITING).set(turn);
      }
    }

    private static void send(ChannelHandlerContext context, String text) {
      context.writeAndFlush(
          new DefaultHttpContent(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8))),
          context.voidPromise());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // whoever it was has left
    }
  }
}
