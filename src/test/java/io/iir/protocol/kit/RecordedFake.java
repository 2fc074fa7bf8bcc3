package io.iir.protocol.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ProtocolFake} that answers from files in {@code protocol/<protocol>/} of the test
 * resources: {@code <scenario>.json} is the whole answer, {@code <scenario>.sse} (or what {@link
 * #streamSuffix} says) the stream, {@code expected.json} what the client must get of either: {@code
 * {"chat":{"whole":{"text":…},"stream":{…}},"error-401":{"status":401,"type":…,"code":…}}}.
 */
public abstract class RecordedFake implements ProtocolFake {

  /** Small and odd, so that streams are cut within names, escapes and characters. */
  private static final int PIECE = 61;

  private final String protocol;
  private final FakeProvider provider = new FakeProvider(this::answer);
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private volatile Scenario scenario = Scenario.CHAT;

  /** One of {@code protocol}, which is also the name of its folder. */
  protected RecordedFake(String protocol) {
    this.protocol = protocol;
  }

  /** Why the vendor would refuse {@code call}: its path, headers or body; null: it would not. */
  protected abstract @Nullable String fault(FakeProvider.Call call);

  /** The vendor's body of a 400 that says {@code fault}. */
  protected abstract String refusal(String fault);

  /** A whole answer of the vendor's whose text is {@code text}. */
  protected abstract byte[] whole(String text);

  /** The vendor's stream, up to the first piece of text and no further. */
  protected abstract byte[] streamBegins(String piece);

  /** A piece of text in the stream. */
  protected abstract byte[] streamGoesOn(String piece);

  /** What ends the stream well. */
  protected abstract byte[] streamEnds();

  /** The event by which the vendor says, in the middle of a stream, that it failed. */
  protected abstract byte[] streamFails();

  /** Whether {@code call} wants its answer as a stream. */
  protected boolean wantsStream(FakeProvider.Call call) {
    return Gateway.json(call.body()).path("stream").asBoolean();
  }

  /** The media type of streams. */
  protected String streamType() {
    return "text/event-stream";
  }

  /** How the names of files with streams end. */
  protected String streamSuffix() {
    return ".sse";
  }

  /** The path of {@link #baseUrl}. */
  protected String basePath() {
    return "/v1";
  }

  @Override
  public final String protocol() {
    return protocol;
  }

  @Override
  public String baseUrl() {
    return URI.create(provider.baseUrl()).resolve("/").toString().replaceAll("/$", "") + basePath();
  }

  @Override
  public String[] settings(String name) {
    String prefix = "iir.providers." + name + ".";
    return new String[] {
      prefix + "protocol=" + protocol,
      prefix + "base-url=" + baseUrl(),
      prefix + "api-key=sk-upstream-" + name,
      prefix + "models=any"
    };
  }

  @Override
  public void play(Scenario next) {
    scenario = next;
  }

  @Override
  public List<FakeProvider.Call> requests() {
    return provider.calls();
  }

  @Override
  public Expected expected(Scenario of, Form form) {
    JsonNode entry = Gateway.json(utf8(file("expected.json"))).path(of.word());
    if (entry.isMissingNode()) {
      throw new AssertionError("expected.json of " + protocol + " has no " + of.word());
    }
    String word = form == Form.WHOLE ? "whole" : "stream";
    return Expected.of(entry.has(word) ? entry.path(word) : entry);
  }

  @Override
  public void verifyAccepted() {
    assertThat(refusals).as("requests that the vendor would refuse").isEmpty();
  }

  @Override
  public void close() {
    try {
      provider.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(FakeProvider.Call call) throws IOException {
    String fault = fault(call);
    if (fault != null) {
      refusals.add(fault + ": " + call.target() + " " + call.body());
      call.json(400, refusal(fault));
      return;
    }
    Scenario now = scenario;
    if (now == Scenario.TOOL_ROUND) {
      now = Scenario.TOOLS;
      scenario = Scenario.TOOLS_ANSWERED;
    }
    switch (now) {
      case ERROR_400, ERROR_401, ERROR_429, ERROR_500, OVERLOADED ->
          call.json(expected(now, Form.WHOLE).status(), utf8(file(now.word() + ".json")));
      case UNICODE -> text(call, Texts.UNICODE);
      case LARGE -> text(call, Texts.large());
      case HANGING -> {
        begin(call);
        send(call, streamBegins("Once"));
        call.awaitLeaving();
      }
      case STREAM_ERROR -> {
        begin(call);
        send(call, streamBegins("Once"));
        send(call, streamFails());
        call.endChunks();
      }
      case CUT -> {
        begin(call);
        send(call, streamBegins("Once"));
        call.endChunks();
      }
      default -> recorded(call, now);
    }
  }

  private void recorded(FakeProvider.Call call, Scenario now) throws IOException {
    if (!wantsStream(call)) {
      call.json(200, utf8(file(now.word() + ".json")));
      return;
    }
    begin(call);
    send(call, file(now.word() + streamSuffix()));
    call.endChunks();
  }

  private void text(FakeProvider.Call call, String text) throws IOException {
    if (!wantsStream(call)) {
      call.json(200, utf8(whole(text)));
      return;
    }
    begin(call);
    send(call, streamBegins(""));
    int step = Math.max(3, text.length() / 200);
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + step);
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++; // vendors cut text between characters
      }
      send(call, streamGoesOn(text.substring(from, to)));
      from = to;
    }
    send(call, streamEnds());
    call.endChunks();
  }

  private void begin(FakeProvider.Call call) throws IOException {
    call.head(200, streamType(), "Transfer-Encoding: chunked");
  }

  private static void send(FakeProvider.Call call, byte[] bytes) throws IOException {
    int piece = Math.max(PIECE, bytes.length / 50);
    for (int from = 0; from < bytes.length; from += piece) {
      call.chunk(bytes, from, Math.min(piece, bytes.length - from));
    }
  }

  /** A file of the protocol's folder. */
  protected final byte[] file(String name) {
    String path = "/protocol/" + protocol + "/" + name;
    try (InputStream in = RecordedFake.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new AssertionError("no test resource " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
