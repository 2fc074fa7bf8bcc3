package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.Capability;
import io.iir.config.ModelSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a directory makes of a catalogue. */
class KnownModelsTest {

  private static final Provider OPENAI = ProviderDirectoryTest.vendor("openai");
  private static final Provider PERPLEXITY = anyOf("perplexity");
  private static final Provider NEAR = Provider.openai("vllm", URI.create("http://10.0.0.7/v1"));
  private static final Price PRICE = new Price(BigDecimal.ONE, BigDecimal.TEN);

  /** Knows {@code good} of quality 0.9, which costs, and {@code old}, which is stopped. */
  private static final KnownModels KNOWN =
      new KnownModels() {
        @Override
        public ModelFacts facts(String provider, String upstream) {
          return switch (upstream) {
            case "good" -> known(1000, null);
            case "old" -> known(500, LocalDate.EPOCH);
            case "next" -> known(500, LocalDate.of(9999, 1, 1));
            default -> ModelFacts.UNKNOWN;
          };
        }

        @Override
        public List<String> models(String provider) {
          return List.of("old", "good");
        }
      };

  private static ModelFacts known(int context, @Nullable LocalDate deprecated) {
    return new ModelFacts(
        context,
        100,
        PRICE,
        0.9,
        Set.of(Capability.CHAT),
        Set.of(Capability.IMAGES),
        new About(
            "a measure", Set.of("text"), Set.of("text"), deprecated, null, "https://example.com"));
  }

  private static Provider anyOf(String name) {
    Provider usual = ProviderDirectoryTest.vendor(name);
    return new Provider(
        name,
        usual.protocol(),
        usual.baseUrl(),
        null,
        new ModelPolicy.Any(),
        usual.timeouts(),
        1,
        1,
        usual.vendor());
  }

  private static ProviderDirectory directory(ModelSettings... models) {
    return new ProviderDirectory(
        List.of(OPENAI, PERPLEXITY, NEAR),
        List.of(),
        Map.of(),
        List.of(models),
        new ModelTraffic(),
        KNOWN);
  }

  private static ProviderDirectory listing(Provider provider, String... names) {
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(provider), List.of(), Map.of(), List.of(), new ModelTraffic(), KNOWN);
    ProviderDirectoryTest.lists(directory, provider, names);
    return directory;
  }

  private static Model one(ProviderDirectory directory, String id) {
    return directory.model(id, ModelPattern.ALL::matches);
  }

  private static String choose(ProviderDirectory directory, String targets) {
    return String.join(
        " ",
        TargetList.parse(targets).choose(directory, Needs.NOTHING).stream()
            .map(model -> model.name().model())
            .toList());
  }

  @Test
  void aServiceWithoutAListListsWhatIsKnown() {
    ProviderDirectory directory = directory();
    assertThat(directory.models())
        .extracting(Model::id)
        .containsExactly("openai/old", "openai/good", "perplexity/old", "perplexity/good");
    assertThat(directory.models()).extracting(Model::state).containsOnly(Model.State.CATALOGUE);
    assertThat(directory.resolve(new ModelName("openai", "other")).upstream()).isEqualTo("other");
  }

  @Test
  void aListGoesBefore() {
    ProviderDirectory directory = directory();
    ProviderDirectoryTest.lists(directory, OPENAI, "good", "new");
    assertThat(directory.models())
        .extracting(Model::id)
        .containsExactly("openai/good", "openai/new", "perplexity/old", "perplexity/good");
    assertThat(one(directory, "openai/good").state()).isEqualTo(Model.State.LISTED);
    assertThat(one(directory, "openai/good").facts()).isEqualTo(known(1000, null));
    directory.learn(
        OPENAI, new ModelListClient.Answer.Failed("HTTP 500"), Instant.ofEpochSecond(2));
    assertThat(one(directory, "openai/good").state()).isEqualTo(Model.State.STALE);
  }

  @Test
  void theOperatorGoesBeforeTheProviderBeforeTheCatalogue() {
    ProviderDirectory directory =
        directory(new ModelSettings("openai/good", null, null, 7, null, 0.1, null));
    ModelFacts listed = new ModelFacts(2000, 200, null, null, Set.of(Capability.IMAGES), Set.of());
    directory.learn(
        OPENAI,
        new ModelListClient.Answer.Models(
            ProviderKind.OPENAI, List.of(new ListedModel("good", 1, "", listed))),
        Instant.EPOCH);
    ModelFacts facts = one(directory, "openai/good").facts();
    assertThat(facts.context()).as("the list's").isEqualTo(2000);
    assertThat(facts.maxOutput()).as("the operator's").isEqualTo(7);
    assertThat(facts.price()).as("the catalogue's").isEqualTo(PRICE);
    assertThat(facts.quality()).isEqualTo(0.1);
    assertThat(facts.about().qualitySource()).as("not of the operator's quality").isNull();
    assertThat(facts.can()).containsExactly(Capability.CHAT, Capability.IMAGES);
    assertThat(facts.cannot()).isEmpty();
  }

  @Test
  void whatRunsOnOwnMachinesIsFree() {
    ModelFacts facts = one(listing(NEAR, "good"), "vllm/good").facts();
    assertThat(facts.price()).isEqualTo(Price.FREE);
    assertThat(facts.quality()).isEqualTo(0.9);
  }

  @Test
  void whatIsStoppedComesLast() {
    ProviderDirectory directory = listing(OPENAI, "old", "good", "new", "next");
    assertThat(choose(directory, "any")).isEqualTo("good new next old");
    assertThat(choose(directory, "openai/*")).isEqualTo("good new next old");
    assertThat(choose(directory, "best")).isEqualTo("good next new old");
    assertThat(choose(directory, "fastest")).endsWith(" old");
    assertThat(choose(directory, "best(context <= 500)")).isEqualTo("next old");
    assertThat(choose(directory, "best(any)")).isEqualTo("good next new old");
    assertThat(choose(directory, "weighted(openai/*: 1)")).isEqualTo("good new next old");
  }

  @Test
  void whatIsStoppedCanBeNamed() {
    ProviderDirectory directory = listing(OPENAI, "old", "good");
    assertThat(choose(directory, "openai/old, openai/good")).isEqualTo("old good");
    assertThat(choose(directory, "any(openai/old, openai/good)")).isEqualTo("old good");
    assertThat(choose(listing(OPENAI, "old"), "best")).isEqualTo("old");
  }

  @Test
  void whatWasWrittenDownChoosesTheSame() throws Exception {
    ProviderDirectory directory = listing(OPENAI, "old", "good");
    JsonNode view = new ObjectMapper().readTree(DirectoryJson.write(directory).toString());
    assertThat(choose(DirectoryJson.read(view), "best")).isEqualTo("good old");
    assertThat(view.toString()).doesNotContain("a measure");
  }

  @Test
  void clientsSeeWhatIsTold() throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(ModelsJson.one(one(directory(), "openai/old"))).path("iir");
    assertThat(json.path("state").asText()).isEqualTo("catalogue");
    assertThat(json.path("quality_source").asText()).isEqualTo("a measure");
    assertThat(json.path("modalities")).hasToString("{\"input\":[\"text\"],\"output\":[\"text\"]}");
    assertThat(json.path("deprecated").asText()).isEqualTo("1970-01-01");
    assertThat(json.path("source").asText()).isEqualTo("https://example.com");
    assertThat(json.has("quantization")).isFalse();
  }
}
