package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.backend.CopyRoom;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Long answers and the cache: what they may take while they pass, and how they are replayed. */
class LongAnswersIT {

  private static final String LONG = "word ".repeat(20_000);
  private static final long ROOM = 256 << 10;

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {"iir.cache.max-size=1MB", "iir.cache.max-entry=200KB"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  private static String ask(String text) {
    return """
    {"model":"fake/m","stream":true,"messages":[{"role":"user","content":"%s"}]}\
    """
        .formatted(text);
  }

  private static void allRoomIsFree() {
    await().until(() -> gateway.bean(CopyRoom.class).free() == ROOM);
  }

  private static int fromCache(String ask) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask, "Cache-Control: only-if-cached")) {
      return client.status();
    }
  }

  @Test
  void streamsAreCopiedOnlyWhileThereIsRoomForAllTogether() throws Exception {
    Semaphore goOn = new Semaphore(0);
    provider.behave(call -> {
      call.beginStream();
      call.token(LONG);
      StreamIT.take(goOn);
      call.endStream(5, 2);
    });
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      RawClient client = RawClient.chat(gateway, ask("together " + i));
      assertThat(client.event()).contains("word");
      clients.add(client);
    }
    assertThat(gateway.bean(CopyRoom.class).free()).isBetween(0L, 100L << 10);
    goOn.release(5);
    for (RawClient client : clients) {
      assertThat(client.rest()).endsWith(Chunks.DONE);
      client.close();
    }
    allRoomIsFree();
    for (int i = 0; i < 5; i++) {
      assertThat(fromCache(ask("together " + i))).isEqualTo(i < 2 ? 200 : 504);
    }
  }

  @Test
  void aStreamThatItsClientLeavesGivesItsRoomBack() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token(LONG);
      call.awaitLeaving();
    });
    try (RawClient client = RawClient.chat(gateway, ask("left"))) {
      assertThat(client.event()).contains("word");
      assertThat(gateway.bean(CopyRoom.class).free()).isLessThan(ROOM);
    }
    allRoomIsFree();
  }

  @Test
  void aLongAnswerIsReplayedWhole() throws Exception {
    provider.behave(call -> call.completion(LONG, 5, 2));
    String ask = ask("whole").replace("\"stream\":true,", "");
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.header("x-iir-cache")).isEqualTo("miss");
      client.rest();
    }
    try (RawClient client = RawClient.chat(gateway, ask("whole"))) {
      assertThat(client.header("x-iir-cache")).isEqualTo("hit");
      assertThat(client.header("X-Route-Model")).isEqualTo("m");
      String all = client.rest();
      assertThat(all).endsWith(Chunks.DONE);
      assertThat(StreamIT.contentOf(all)).isEqualTo(LONG);
    }
  }
}
