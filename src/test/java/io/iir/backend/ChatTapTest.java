package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.backend.ChatTap.UsageChunk;
import io.iir.backend.EventTap.Verdict;
import io.iir.testing.Chunks;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;

class ChatTapTest {

  private final Tally tally = new Tally(10);
  private final EventCopy copy = new EventCopy(1000, new CopyRoom(1 << 20));

  @Test
  void theUsageChunkIsHiddenFromWhoDidNotAsk() {
    ChatTap hidden = tap(UsageChunk.HIDDEN, 1);
    assertThat(see(hidden, Chunks.token("a"))).isEqualTo(Verdict.PASS);
    assertThat(see(hidden, Chunks.usage(7, 3))).isEqualTo(Verdict.DROP);
    assertThat(tally.promptTokens()).isEqualTo(7);
    assertThat(tally.completionTokens()).isEqualTo(3);
    assertThat(see(tap(UsageChunk.SHOWN, 1), Chunks.usage(7, 3))).isEqualTo(Verdict.PASS);
  }

  @Test
  void usageBesideAChoicePasses() {
    String both =
        Chunks.FINISH.replace(
            "\"choices\"",
            "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3},\"choices\"");
    assertThat(see(tap(UsageChunk.HIDDEN, 1), both)).isEqualTo(Verdict.PASS);
    assertThat(tally.totalTokens()).isEqualTo(3);
  }

  @Test
  void theEndIsSeen() {
    ChatTap tap = tap(UsageChunk.HIDDEN, 1);
    see(tap, Chunks.token("a"));
    assertThat(tap.complete()).isFalse();
    see(tap, Chunks.FINISH);
    assertThat(tap.complete()).isTrue();
    assertThat(tap.closed()).isFalse();
    see(tap, "[DONE]");
    assertThat(tap.closed()).isTrue();
    assertThat(tally.finishReason()).isEqualTo("stop");
    assertThat(new String(tap.closing(), UTF_8)).isEqualTo(Chunks.DONE);
  }

  @Test
  void ofSeveralChoicesOneIsNotAll() {
    ChatTap tap = tap(UsageChunk.HIDDEN, 2);
    see(tap, Chunks.FINISH);
    assertThat(tap.complete()).isFalse();
    see(tap, "[DONE]");
    assertThat(tap.complete()).isTrue();
  }

  @Test
  void aReportedFailureIsOne() {
    assertThat(see(tap(UsageChunk.HIDDEN, 1), "{\"error\":{\"message\":\"no\"}}"))
        .isEqualTo(Verdict.FAILURE);
    assertThat(tally.failure()).isEqualTo("provider_error");
  }

  @Test
  void whatIsNoJsonIsNoEvent() {
    assertThat(see(tap(UsageChunk.HIDDEN, 1), "what")).isEqualTo(Verdict.BROKEN);
    assertThat(see(tap(UsageChunk.HIDDEN, 1), " ")).isEqualTo(Verdict.PASS);
  }

  @Test
  void eventsAreCopiedUpToTheLimit() {
    ChatTap tap = tap(UsageChunk.HIDDEN, 1);
    see(tap, Chunks.token("a"));
    assertThat(copy.whole()).isTrue();
    assertThat(copy.events()).hasSize(1);
    see(tap, Chunks.token("x".repeat(1000)));
    assertThat(copy.whole()).isFalse();
    assertThat(copy.events()).isEmpty();
  }

  @Test
  void aBreakIsToldInOpenAisForm() {
    ChatTap tap = tap(UsageChunk.HIDDEN, 1);
    String event = new String(tap.broken("provider_timeout", "too \"slow\""), UTF_8);
    assertThat(event).startsWith("data: ").endsWith("\n\n");
    var error = Gateway.json(event.substring(6)).path("error");
    assertThat(error.path("code").asText()).isEqualTo("provider_timeout");
    assertThat(error.path("message").asText()).isEqualTo("provider 'p': too \"slow\"");
    assertThat(tally.failure()).isEqualTo("provider_timeout");
  }

  @Test
  void aWholeAnswerIsReplayedUnlessItIsNone() {
    ChatTap tap = tap(UsageChunk.HIDDEN, 1);
    assertThat(tap.replay("{\"error\":{\"message\":\"no\"}}".getBytes(UTF_8))).isNull();
    assertThat(tap.replay("<html>".getBytes(UTF_8))).isNull();
    assertThat(tap.replay("{\"choices\":[\"x\"]}".getBytes(UTF_8))).isNull();
    byte[] events =
        tap.replay("{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}".getBytes(UTF_8));
    assertThat(events).isNotNull();
    assertThat(new String(events, UTF_8)).contains("Hi").endsWith(Chunks.DONE);
    assertThat(tap.explain(503, "{\"error\":{\"message\":\"busy\"}}".getBytes(UTF_8)))
        .isEqualTo("answered 503: busy");
  }

  private ChatTap tap(UsageChunk usageChunk, int choices) {
    tally.calling();
    return new ChatTap(tally, usageChunk, "p", choices, copy);
  }

  private static Verdict see(ChatTap tap, String data) {
    byte[] bytes = ("data: " + data).getBytes(UTF_8);
    return tap.event(bytes, 6, bytes.length - 6);
  }
}
