package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.config.Capability;
import io.iir.config.ModelSettings;
import io.iir.config.StartException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclaredModelsTest {

  private static final Provider OPENAI = ProviderDirectoryTest.vendor("openai");
  private static final ModelFacts LISTED =
      new ModelFacts(
          1000, 100, Price.FREE, null, Set.of(Capability.IMAGES), Set.of(Capability.TOOLS));

  private static ModelSettings model(
      String id, @Nullable String upstream, @Nullable Integer context, Capability... can) {
    return new ModelSettings(
        id, upstream, context, null, null, 0.5, can.length == 0 ? null : List.of(can));
  }

  private static ProviderDirectory directory(ModelSettings... models) {
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(OPENAI), List.of(1234), Map.of(), List.of(models), new ModelTraffic());
    directory.learn(
        OPENAI,
        new ModelListClient.Answer.Models(
            ProviderKind.OPENAI,
            List.of(
                new ListedModel("a", 7, "me", LISTED),
                new ListedModel("b", 7, "me", ModelFacts.UNKNOWN))),
        Instant.EPOCH);
    return directory;
  }

  private static Model one(ProviderDirectory directory, String id) {
    return directory.model(id, ModelPattern.ALL::matches);
  }

  @Test
  void winsOverTheListAndLeavesTheRest() {
    Model a = one(directory(model("openai/a", null, 2000)), "openai/a");
    assertThat(a.state()).isEqualTo(Model.State.LISTED);
    assertThat(a.created()).isEqualTo(7);
    assertThat(a.facts())
        .isEqualTo(new ModelFacts(2000, 100, Price.FREE, 0.5, LISTED.can(), LISTED.cannot()));
  }

  @Test
  void capabilitiesAreComplete() {
    ModelFacts facts =
        one(directory(model("openai/a", null, null, Capability.TOOLS)), "openai/a").facts();
    assertThat(facts.can()).containsExactly(Capability.CHAT, Capability.TOOLS);
    assertThat(facts.cannot())
        .contains(Capability.IMAGES, Capability.JSON, Capability.EMBEDDINGS)
        .doesNotContainAnyElementsOf(facts.can());
    ModelFacts embeds =
        one(directory(model("openai/a", null, null, Capability.EMBEDDINGS)), "openai/a").facts();
    assertThat(embeds.can()).containsExactly(Capability.EMBEDDINGS);
    assertThat(embeds.cannot()).contains(Capability.CHAT);
  }

  @Test
  void sendsWhatTheProviderKnowsItBy() {
    ProviderDirectory directory = directory(model("openai/mine", "a", 500));
    assertThat(directory.models())
        .extracting(Model::id)
        .containsExactly("openai/mine", "openai/a", "openai/b");
    assertThat(directory.resolve(new ModelName("openai", "mine")).upstream()).isEqualTo("a");
    assertThat(one(directory, "openai/mine").state()).isEqualTo(Model.State.LISTED);
    assertThat(one(directory, "openai/a").facts()).isEqualTo(one(directory, "openai/mine").facts());
    assertThat(TargetList.parse("hosted").choose(directory, Needs.NOTHING))
        .as("one model, whatever it is called")
        .extracting(each -> each.name().id())
        .containsExactly("openai/mine", "openai/b");
  }

  @Test
  void isListedEvenIfTheProviderDoesNotListIt() {
    Model model = one(directory(model("openai/new", "new-2026", 500)), "openai/new");
    assertThat(model.state()).isEqualTo(Model.State.CONFIGURED);
    assertThat(model.upstream()).isEqualTo("new-2026");
    assertThat(model.name()).isEqualTo(new ModelName("openai", "new"));
  }

  @Test
  void aFoundServersModelCanHaveAName() {
    ProviderDirectory directory = directory(model("local/llama", "llama3:latest", 500));
    assertThat(directory.models()).extracting(Model::provider).doesNotContain("local");
    URI url = URI.create("http://127.0.0.1:1234/v1");
    directory.found(
        List.of(
            new LocalServer(
                url,
                ProviderKind.OPENAI,
                List.of(new ListedModel("other", 0, "", ModelFacts.UNKNOWN))),
            new LocalServer(
                URI.create("http://127.0.0.1:8/v1"),
                ProviderKind.OPENAI,
                List.of(new ListedModel("llama3:latest", 0, "", ModelFacts.UNKNOWN)))),
        Instant.EPOCH);
    Resolved llama = directory.resolve(new ModelName("local", "llama"));
    assertThat(llama.upstream()).isEqualTo("llama3:latest");
    assertThat(llama.baseUrl()).hasPort(8);
    assertThat(one(directory, "local/llama").facts().price()).isEqualTo(Price.FREE);
    assertThat(directory.resolve(new ModelName("local", "llama3"))).isEqualTo(llama);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> directory(model("opnai/a", null, 1)))
        .isInstanceOf(StartException.class)
        .hasMessage("iir.models[0].id = 'opnai/a' is of no provider: did you mean 'openai'?");
    assertThatThrownBy(() -> directory(model("openai/a", null, 1), model("openai/a", "b", 1)))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "iir.models[1].id = 'openai/a' is given twice: say all of a model in one entry.");
    assertThat(directory(model("groq/off", null, 1)).models())
        .as("a vendor that is off")
        .extracting(Model::id)
        .containsExactly("openai/a", "openai/b");
  }
}
