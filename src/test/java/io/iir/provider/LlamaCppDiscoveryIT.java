package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.provider.ModelListClient.Answer;
import io.iir.testing.RealModel;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What llama.cpp's real server tells of its model. */
@Tag("real-model")
class LlamaCppDiscoveryIT {

  @Test
  void theRealServerTellsWhatItsModelIs() throws Exception {
    try (RealModel server = RealModel.start("");
        ModelListClient client = new ModelListClient(SSLContext.getDefault())) {
      Answer answer = client.ask(URI.create(server.baseUrl()), Duration.ofSeconds(5));

      assertThat(answer).isInstanceOf(Answer.Models.class);
      Answer.Models list = (Answer.Models) answer;
      assertThat(list.kind()).isEqualTo(ProviderKind.LLAMA_CPP);
      assertThat(list.models()).extracting(ListedModel::name).containsExactly(RealModel.MODEL);
      ModelFacts facts = list.models().getFirst().facts();
      assertThat(facts.context()).as("8192 over four slots").isEqualTo(2048);
      assertThat(facts.can()).contains(Capability.JSON);
      assertThat(facts.cannot()).contains(Capability.IMAGES, Capability.TOOLS);
      assertThat(facts.about().quantization()).isEqualTo("Q4_1");
    }
  }

  @Test
  void aServerThatWantsAKeyRefusesOneWithout() throws Exception {
    try (RealModel server = RealModel.start("sk-of-the-server");
        ModelListClient client = new ModelListClient(SSLContext.getDefault())) {
      Answer answer = client.ask(URI.create(server.baseUrl()), Duration.ofSeconds(5));

      assertThat(answer).isEqualTo(new Answer.Failed("wants a key, and none is set (HTTP 401)"));
    }
  }
}
