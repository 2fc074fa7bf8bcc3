package io.iir.backend;

import io.iir.backend.UpstreamException.Kind;
import io.iir.transport.AnswerStream;
import io.iir.transport.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One call to a provider, from the wish for a connection to the last byte of the answer. Its
 * listener hears of it exactly once; a stream that has begun ends in the stream.
 *
 * <p>Confined to its event loop, but for {@link #cancel}, which the link to the client calls there.
 *
 * <p>Longer than 300 lines because it is one state machine: whatever comes from the pool, the wire,
 * the clock or the client is answered by the same few fields, which two classes would have to
 * share.
 */
public final class UpstreamCall
    implements UpstreamPool.Borrower, Deadlines.Timed, AnswerStream.Source {

  private enum State {
    /** What must be started first is not ready. */
    OPENING,
    CONNECTING,
    SENT,
    COLLECTING,
    STREAMING,
    /** The client has all; the connection may still be good for another call. */
    TAIL,
    DONE
  }

  private static final String TOO_LARGE =
      "its answer is larger than " + CollectedBody.MAX_LENGTH + " bytes";

  private final UpstreamRequest request;
  private final EventLoop loop;
  private final Deadlines deadlines;
  private final UpstreamListener listener;
  private final EventTap tap;
  private final @Nullable AnswerTranslator translator;
  private final StreamRelay relay;
  private final CallClock clock;
  private State state = State.CONNECTING;
  private Origin origin;
  private @Nullable UpstreamPool pool;
  private @Nullable Channel channel;
  private boolean reused;
  private boolean sent;
  private boolean retried;
  private boolean reusable;
  private boolean paused;
  private boolean watched;
  private boolean raw;
  private boolean commentsOnly;
  private int status;
  private HttpHeaders headers = EmptyHttpHeaders.INSTANCE;
  private @Nullable CollectedBody body;
  private @Nullable GatheredStream gathered;

  UpstreamCall(
      UpstreamRequest request,
      EventLoop loop,
      Deadlines deadlines,
      EventTap tap,
      UpstreamListener listener) {
    this(request, loop, deadlines, tap, listener, null);
  }

  /** As above, where {@code begun} is not null one that goes on with it; nobody listens then. */
  UpstreamCall(
      UpstreamRequest request,
      EventLoop loop,
      Deadlines deadlines,
      EventTap tap,
      UpstreamListener listener,
      @Nullable AnswerStream begun) {
    this.request = request;
    this.origin = request.origin();
    this.loop = loop;
    this.deadlines = deadlines;
    this.listener = listener;
    this.tap = tap;
    this.translator = request.translator();
    this.clock = new CallClock(request);
    if (begun == null) {
      this.relay = new StreamRelay(loop, tap, this);
    } else {
      this.relay = new StreamRelay(begun, tap, this);
      clock.answerBegan();
    }
  }

  void start(UpstreamPool from) {
    if (state != State.DONE) {
      pool = from;
      from.acquire(this);
      watchWhileConnecting();
    }
  }

  // ---- what must be started first

  /** It goes on with {@link #opened} or {@link #notOpened}. */
  void await() {
    if (state != State.DONE) {
      state = State.OPENING;
      clock.opening();
      deadlines.watch(this);
      watched = true;
    }
  }

  void opened(Origin at, UpstreamPool from) {
    if (state == State.OPENING) {
      unwatch();
      state = State.CONNECTING;
      clock.opened();
      startAt(at, from);
    }
  }

  /** Starts, and goes to {@code at} instead of where the request says. */
  void startAt(Origin at, UpstreamPool from) {
    origin = at;
    start(from);
  }

  void notOpened(Throwable why) {
    Throwable cause = why.getCause() == null ? why : why.getCause(); // a stage wraps it
    if (state == State.OPENING) {
      fail(
          cause instanceof UpstreamException known
              ? known
              : new UpstreamException(Kind.NOT_READY, "is not ready: " + cause));
    }
  }

  /** Until it has a connection, whose handler looks after the call's deadline, too. */
  private void watchWhileConnecting() {
    if (state == State.CONNECTING) {
      deadlines.watch(this);
      watched = true;
    }
  }

  private void unwatch() {
    if (watched) {
      deadlines.forget(this);
      watched = false;
    }
  }

  // ---- the connection

  @Override
  public boolean waiting() {
    return state == State.CONNECTING;
  }

  @Override
  public void connected(Channel connection, boolean hasCarriedCalls) {
    unwatch();
    channel = connection;
    reused = hasCarriedCalls;
    state = State.SENT;
    sent = true;
    tap.sent();
    connection.pipeline().get(UpstreamHandler.class).carry(this);
    connection.writeAndFlush(httpRequest(), connection.voidPromise());
  }

  @Override
  public void refused(UpstreamException failure) {
    if (state == State.CONNECTING) {
      fail(failure.kind(), failure.getMessage() == null ? "no connection" : failure.getMessage());
    }
  }

  private FullHttpRequest httpRequest() {
    HttpHeaders all = request.headers();
    all.set(HttpHeaderNames.HOST, origin.authority());
    all.set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1,
        request.method(),
        request.path(),
        Unpooled.wrappedBuffer(request.body()),
        all,
        EmptyHttpHeaders.INSTANCE);
  }

  // ---- what comes back

  void head(HttpResponse response) {
    clock.partCame();
    status = response.status().code();
    headers = response.headers();
    reusable = HttpUtil.isKeepAlive(response);
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    boolean events = status == 200 && type != null && isStream(type);
    if (events && request.stream()) {
      state = State.STREAMING;
      setAutoRead(!paused);
    } else if (status == 200 && type != null && !relay.begun() && tap.passes(type)) {
      raw = true;
      state = State.STREAMING;
      setAutoRead(!paused);
    } else if (events) {
      state = State.COLLECTING;
      gathered = new GatheredStream(tap);
    } else if (CollectedBody.tooLarge(response)) {
      fail(Kind.INVALID, TOO_LARGE);
    } else {
      state = State.COLLECTING;
      clock.stopComments();
      body = new CollectedBody(response);
    }
  }

  /** What came last is all that is here for now. */
  void readComplete() {
    relay.stream().gathered();
  }

  private boolean isStream(String type) {
    return translator == null ? isEventStream(type) : translator.isStream(type);
  }

  private static boolean isEventStream(String type) {
    String expected = HttpHeaderValues.TEXT_EVENT_STREAM.toString();
    return type.regionMatches(true, 0, expected, 0, expected.length());
  }

  void content(ByteBuf bytes) {
    clock.partCame();
    CollectedBody collecting = body;
    GatheredStream gathering = gathered;
    if (state == State.STREAMING || gathering != null) {
      events(bytes);
    } else if (state != State.COLLECTING || collecting == null) {
      bytes.release();
    } else if (!collecting.add(bytes)) {
      fail(Kind.INVALID, TOO_LARGE);
    }
  }

  /** Takes over a piece of a stream as the provider sends it. */
  private void events(ByteBuf wire) {
    if (state == State.STREAMING) {
      relay.stream().gather();
    }
    if (raw) {
      relay.pass(wire);
      if (!relay.begun()) {
        beginAnswer(headers);
      }
      return;
    }
    ByteBuf events;
    try {
      events = translator == null ? wire : translator.events(wire);
    } catch (IllegalStateException e) {
      fail(Kind.INVALID, "its stream is broken: " + e.getMessage());
      return;
    }
    if (events != null) {
      take(events);
    }
  }

  /** Takes over events in OpenAI's form. */
  private void take(ByteBuf events) {
    GatheredStream gathering = gathered;
    if (state == State.STREAMING) {
      stream(events);
    } else if (state == State.COLLECTING && gathering != null) {
      gather(events, gathering);
    } else {
      events.release();
    }
  }

  private void stream(ByteBuf events) {
    try {
      relay.feed(events);
    } catch (IllegalStateException e) {
      fail(Kind.INVALID, "its stream is broken: " + e.getMessage());
      return;
    }
    byte[] failure = relay.firstFailure();
    if (failure != null && !relay.begun()) {
      closeConnection();
      listener.answered(502, headers, failure);
      return;
    }
    if (!relay.begun() && relay.eventSeen()) {
      beginAnswer(headers);
    } else if (commentsOnly && relay.eventSeen() && !relay.failureSeen()) {
      commentsOnly = false;
      listener.eventCame();
    }
    if (relay.over() && state == State.STREAMING) {
      relay.providerEnded("");
      if (state == State.STREAMING) {
        setAutoRead(true);
        state = State.TAIL;
      }
    }
  }

  /** Adds to the stream that no client asked for; it is answered when it is over. */
  private void gather(ByteBuf events, GatheredStream gathering) {
    try {
      gathering.feed(events);
    } catch (IllegalStateException e) {
      fail(Kind.INVALID, "its stream is broken: " + e.getMessage());
      return;
    }
    byte[] failure = gathering.failure();
    if (failure != null) {
      closeConnection();
      listener.answered(502, headers, failure);
    } else if (gathering.over()) {
      state = State.TAIL; // before the listener is told, which may give the call up
      answerGathered(gathering, "");
    }
  }

  /** The stream has ended: it is the answer if it is complete. */
  private void answerGathered(GatheredStream gathering, String how) {
    byte[] completion = null;
    UpstreamException failure =
        new UpstreamException(
            Kind.RESET, "its stream ended before its answer did: " + how, mayCost());
    try {
      completion = gathering.complete() ? gathering.completion() : null;
    } catch (RuntimeException e) { // whatever the provider has sent: the listener hears of it
      failure =
          new UpstreamException(Kind.INVALID, "its stream is no chat completion: " + e, mayCost());
    }
    if (completion == null) {
      listener.failed(failure);
    } else {
      HttpHeaders json = new DefaultHttpHeaders();
      json.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
      listener.answered(status, json, completion);
    }
  }

  void last() {
    if (translator != null && !raw && (state == State.STREAMING || gathered != null)) {
      ByteBuf rest = translator.end();
      if (rest != null) {
        take(rest);
      }
    }
    CollectedBody collected = body;
    GatheredStream gathering = gathered;
    if (state == State.COLLECTING && gathering != null) {
      giveBackConnection();
      answerGathered(gathering, "no closing event");
    } else if (state == State.COLLECTING && collected != null) {
      byte[] whole = collected.take();
      giveBackConnection();
      answerWhole(whole);
    } else if (state == State.STREAMING && !relay.begun()) {
      fail(Kind.INVALID, "it sent an empty stream");
    } else if (state == State.STREAMING) {
      giveBackConnection();
      if (raw) {
        relay.passedAll();
      } else {
        relay.providerEnded("no closing event");
      }
    } else if (state == State.TAIL) {
      giveBackConnection();
    }
  }

  private void answerWhole(byte[] wire) {
    byte[] whole;
    try {
      whole = translator == null ? wire : translator.whole(status, wire);
    } catch (IllegalArgumentException e) {
      String why = "its answer is not what its protocol says: " + e.getMessage();
      if (relay.begun()) {
        noteCost();
        relay.breakOff("provider_error", why);
      } else {
        listener.failed(new UpstreamException(Kind.INVALID, why, mayCost()));
      }
      return;
    }
    int told = translator == null || status < 300 ? status : understood(translator, wire);
    if (relay.begun()) {
      noteCost();
      relay.whole(told, whole);
    } else {
      listener.answered(told, headers, whole);
    }
  }

  /** The status of an error; if its body says when to ask again, the headers then do, too. */
  private int understood(AnswerTranslator of, byte[] error) {
    String retryAfter = of.retryAfter(error);
    if (retryAfter != null && !headers.contains(HttpHeaderNames.RETRY_AFTER)) {
      headers.set(HttpHeaderNames.RETRY_AFTER, retryAfter);
    }
    return of.status(status, error);
  }

  void disconnected(String how) {
    channel = null;
    GatheredStream gathering = gathered;
    if (state == State.SENT && reused && !retried && pool != null) {
      retried = true;
      sent = false;
      state = State.CONNECTING; // the connection had gone stale: nothing of this call was answered
      pool.reacquire(this);
      watchWhileConnecting();
    } else if (state == State.STREAMING && relay.begun()) {
      finish();
      relay.providerEnded(how);
    } else if (state == State.TAIL) {
      finish();
    } else if (state == State.COLLECTING && gathering != null) {
      finish();
      answerGathered(gathering, how);
    } else {
      fail(Kind.RESET, how);
    }
  }

  void invalid(Throwable cause) {
    fail(Kind.INVALID, "its answer is not HTTP: " + cause.getMessage());
  }

  // ---- limits

  @Override
  public long deadlineNanos() {
    return Math.min(clock.commentDue(), clock.limit(phase()));
  }

  private CallClock.Phase phase() {
    return switch (state) {
      case OPENING -> CallClock.Phase.OPENING;
      case CONNECTING, SENT -> CallClock.Phase.FIRST_TOKEN;
      case STREAMING ->
          !relay.eventSeen()
              ? CallClock.Phase.FIRST_TOKEN
              : paused ? CallClock.Phase.CLIENT : CallClock.Phase.NEXT_PART;
      case COLLECTING ->
          gathered != null && !gathered.eventSeen()
              ? CallClock.Phase.FIRST_TOKEN
              : CallClock.Phase.NEXT_PART;
      case TAIL -> CallClock.Phase.TAIL;
      case DONE -> CallClock.Phase.NOTHING;
    };
  }

  @Override
  public void expire() {
    CallClock.Phase phase = phase();
    if (state == State.DONE) {
      return;
    }
    if (clock.passed(phase)) {
      if (state == State.OPENING) {
        fail(
            new UpstreamException(
                Kind.NOT_READY, "is being started, and the time for an answer is over", "5"));
      } else if (state == State.TAIL) {
        closeConnection();
      } else {
        fail(Kind.TIMEOUT, clock.explain(phase));
      }
    } else if (relay.eventSeen()) {
      clock.stopComments();
    } else {
      clock.commented();
      if (!relay.begun()) {
        commentsOnly = true;
        listener.waiting();
        beginAnswer(EmptyHttpHeaders.INSTANCE);
      }
      relay.comment();
    }
  }

  private void beginAnswer(HttpHeaders head) {
    clock.answerBegan();
    relay.begin();
    listener.streaming(head, relay.stream());
  }

  // ---- the client's side

  @Override
  public void pause() {
    paused = true;
    setAutoRead(false);
  }

  @Override
  public void resume() {
    paused = false;
    clock.partCame();
    setAutoRead(true);
  }

  private void setAutoRead(boolean on) {
    if (channel != null && state == State.STREAMING) {
      channel.config().setAutoRead(on);
    }
  }

  /** Nobody wants the answer any more: the provider sees its connection closed at once. */
  @Override
  public void cancel() {
    if (loop.inEventLoop()) {
      abandon();
    } else {
      loop.execute(this::abandon);
    }
  }

  private void abandon() {
    if (state == State.DONE || state == State.TAIL) {
      return;
    }
    boolean unanswered = !relay.begun();
    closeConnection();
    relay.abandon();
    if (unanswered) {
      listener.failed(new UpstreamException(Kind.CLIENT_LEFT, "the client left", mayCost()));
    }
  }

  // ---- ends

  private void fail(Kind kind, String message) {
    fail(new UpstreamException(kind, message, mayCost()));
  }

  /** Whether the provider may want to be paid for it as it is: see {@link UpstreamException}. */
  public boolean mayCost() {
    return sent && status < 300;
  }

  /** The client's answer has begun, with comments or by another call, and breaks off. */
  private void noteCost() {
    if (!mayCost()) {
      tap.unpaid();
    }
  }

  private void fail(UpstreamException failure) {
    if (state == State.DONE) {
      return;
    }
    if (state == State.TAIL) {
      closeConnection(); // the client has all: what comes behind it is not its concern
      return;
    }
    boolean begun = relay.begun();
    closeConnection();
    if (begun) {
      noteCost();
      relay.breakOff(
          switch (failure.kind()) {
            case TIMEOUT -> "provider_timeout";
            case NOT_READY -> "no_target_available";
            default -> "provider_error";
          },
          failure.kind() == Kind.NOT_READY
              ? "its model " + failure.getMessage()
              : String.valueOf(failure.getMessage()));
    } else {
      listener.failed(failure);
    }
  }

  private void giveBackConnection() {
    Channel connection = channel;
    UpstreamPool home = pool;
    boolean good = reusable;
    finish();
    if (connection == null || home == null) {
      return;
    }
    connection.pipeline().get(UpstreamHandler.class).carry(null);
    connection.config().setAutoRead(true);
    if (good && connection.isActive()) {
      home.release(connection);
    } else {
      connection.close();
    }
  }

  private void closeConnection() {
    Channel connection = channel;
    finish();
    if (connection != null) {
      connection.pipeline().get(UpstreamHandler.class).carry(null);
      connection.close();
    }
  }

  private void finish() {
    if (state == State.CONNECTING && pool != null) {
      pool.withdraw(this);
    }
    state = State.DONE;
    channel = null;
    unwatch();
    relay.close();
    if (translator != null) {
      translator.close();
    }
    if (body != null) {
      body.close();
      body = null;
    }
    if (gathered != null) {
      gathered.close();
      gathered = null;
    }
  }
}
