package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.CassetteServer;
import io.iir.testing.Cassettes;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class LocalServersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aServerIsLookedAtWhollyOnlyWhenItsListChanges() throws Exception {
    try (CassetteServer ollama = Cassettes.start("ollama");
        ModelListClient client = new ModelListClient(SSLContext.getDefault())) {
      LocalServers servers =
          new LocalServers(client, List.of(ollama.port()), 0, PATIENCE, PATIENCE);
      servers.find();
      ollama.verifyLooks(1);
      LocalServer second = servers.find().getFirst(); // makes up for a first look cut short
      assertThat(second.kind()).isEqualTo(ProviderKind.OLLAMA);
      assertThat(second.models().getFirst().facts().context()).isEqualTo(16384);
      int whole = ollama.requests();
      assertThat(servers.find()).containsExactly(second);
      assertThat(servers.find()).containsExactly(second);
      assertThat(ollama.requests() - whole).as("one question a round").isEqualTo(2);

      ollama.listAnswers(
          CassetteServer.body(
              200, "{\"data\":[{\"id\":\"gemma3:4b\",\"created\":5,\"owned_by\":\"library\"}]}"));
      LocalServer changed = servers.find().getFirst();
      assertThat(changed.models().getFirst().facts().context()).isEqualTo(4096);
      assertThat(ollama.requests() - whole).isGreaterThan(3);
      ollama.verifyNoSurprises();
    }
  }

  @Test
  void onRequestAServerIsLookedAtWholly() throws Exception {
    try (CassetteServer ollama = Cassettes.start("ollama");
        ModelListClient client = new ModelListClient(SSLContext.getDefault())) {
      LocalServers servers =
          new LocalServers(client, List.of(ollama.port()), 0, PATIENCE, PATIENCE);
      servers.find();
      LocalServer known = servers.find().getFirst();
      int before = ollama.requests();
      assertThat(servers.findInFull()).containsExactly(known);
      assertThat(ollama.requests() - before).isGreaterThan(3);
      int whole = ollama.requests();
      servers.find();
      assertThat(ollama.requests() - whole).isEqualTo(1);
    }
  }

  @Test
  void aKindThatCouldNotBeToldIsAskedForInTheNextRound() throws Exception {
    try (CassetteServer ollama = Cassettes.start("ollama");
        ModelListClient client = new ModelListClient(SSLContext.getDefault())) {
      LocalServers servers =
          new LocalServers(client, List.of(ollama.port()), 0, PATIENCE, PATIENCE);
      ollama.probesAnswer(CassetteServer.body(503, "{}"));
      servers.find();
      assertThat(servers.find().getFirst().kind()).isEqualTo(ProviderKind.OPENAI);
      ollama.answersAsRecorded();
      assertThat(servers.find().getFirst().kind()).isEqualTo(ProviderKind.OLLAMA);
    }
  }
}
