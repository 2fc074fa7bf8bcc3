package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.iir.config.Capability;
import io.iir.config.StartException;
import io.iir.openai.ApiException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderDirectoryTest {

  private static final URI URL = URI.create("https://api.example.com/v1");

  static Provider vendor(String name) {
    Provider usual = Provider.openai(name, URL);
    return new Provider(
        name,
        usual.protocol(),
        URL,
        null,
        usual.models(),
        usual.timeouts(),
        1,
        1,
        Vendors.named(name));
  }

  static void lists(ProviderDirectory directory, Provider provider, String... names) {
    List<ListedModel> models =
        Arrays.stream(names).map(name -> new ListedModel(name, 1, "", ModelFacts.UNKNOWN)).toList();
    assertThat(
            directory.learn(
                provider,
                new ModelListClient.Answer.Models(ProviderKind.OPENAI, models),
                Instant.ofEpochSecond(1)))
        .isTrue();
  }

  private static ApiException refusal(ThrowingCallable call) {
    return catchThrowableOfType(ApiException.class, call);
  }

  private static ProviderDirectory openai(String... names) {
    Provider openai = vendor("openai");
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(openai, Provider.sim("sim")), List.of(), Map.of("smart", "openai/gpt-4o"));
    lists(directory, openai, names);
    return directory;
  }

  @Test
  void resolvesAListedModel() {
    Resolved resolved = openai("gpt-4o").resolve(new ModelName("openai", "gpt-4o"));
    assertThat(resolved.baseUrl()).isEqualTo(URL);
    assertThat(resolved.upstream()).isEqualTo("gpt-4o");
  }

  @Test
  void knowsAliases() {
    ProviderDirectory directory = openai("gpt-4o");
    assertThat(directory.alias("smart")).isEqualTo("openai/gpt-4o");
    assertThat(directory.alias("dumb")).isNull();
    assertThat(directory.name("smart", ModelPattern.ALL::matches).id()).isEqualTo("openai/gpt-4o");
  }

  @Test
  void refusesAnAliasForNothing() {
    assertThatThrownBy(() -> new ProviderDirectory(List.of(), List.of(), Map.of("a", "b")))
        .isInstanceOf(StartException.class)
        .hasMessage("iir.aliases.a = 'b' must be <provider>/<model> or auto.");
  }

  @Test
  void saysWhichProvidersThereAre() {
    ApiException refusal = refusal(() -> openai("a").resolve(new ModelName("opnai", "gpt-4o")));
    assertThat(refusal.error().status()).isEqualTo(404);
    assertThat(refusal.error().code()).isEqualTo("provider_not_found");
    assertThat(refusal.error().param()).isEqualTo("model");
    assertThat(refusal)
        .hasMessage(
            "there is no provider 'opnai' (of model 'opnai/gpt-4o'). Did you mean 'openai'?"
                + " Providers: openai, sim.");
  }

  @Test
  void saysWhichModelsAreNearest() {
    String[] many = IntStream.range(0, 30).mapToObj("other-%d"::formatted).toArray(String[]::new);
    many[20] = "gpt-4o-mini";
    many[25] = "gpt-4o";
    ApiException refusal = refusal(() -> openai(many).resolve(new ModelName("openai", "gpt4o")));
    assertThat(refusal.error().code()).isEqualTo("model_not_found");
    assertThat(refusal.getMessage())
        .startsWith(
            "provider 'openai' has no model 'gpt4o'. The nearest of its 30: openai/gpt-4o,");
    assertThat(refusal.error().message().split(", ", -1)).hasSize(10);
  }

  @Test
  void suggestsOnlyWhatIsAllowed() {
    ApiException refusal =
        refusal(() ->
            openai("gpt-4o", "secret")
                .resolve(new ModelName("openai", "x"), new ModelPattern("openai/gpt-4o")::matches));
    assertThat(refusal.getMessage()).contains("openai/gpt-4o").doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "/gpt-4o", "openai/", "openai/ ", "openai/gpt\n4o", ""})
  void refusesWhatCannotBeAName(String text) {
    ApiException refusal = refusal(() -> openai("gpt-4o").name(text, ModelPattern.ALL::matches));
    assertThat(refusal.error().status()).isEqualTo(400);
    assertThat(refusal.error().code()).isEqualTo("invalid_model_name");
    assertThat(refusal.error().param()).isEqualTo("model");
    assertThat(refusal.getMessage()).contains("<provider>/<model>", "'auto'").doesNotContain("\n");
  }

  @Test
  void suggestsTheProviderOfABareName() {
    assertThat(refusal(() -> openai("gpt-4o", "o3").name("gpt-4o", ModelPattern.ALL::matches)))
        .hasMessage(
            "model 'gpt-4o' names no provider: write <provider>/<model>, or 'auto' to let the"
                + " gateway choose. Did you mean 'openai/gpt-4o'? Usable models: openai/gpt-4o,"
                + " openai/o3, sim/echo, sim/lorem.");
  }

  @Test
  void refusesAHugeNameInFewWords() {
    ApiException refusal =
        refusal(() -> openai("a").name("x".repeat(1_000_000), ModelPattern.ALL::matches));
    assertThat(refusal.getMessage()).hasSizeLessThan(500).contains("longer than 512");
  }

  @Test
  void splitsAtTheFirstSlash() {
    ModelName name = ModelName.parse("openrouter/meta-llama/llama-3-8b", List::of);
    assertThat(name).isEqualTo(new ModelName("openrouter", "meta-llama/llama-3-8b"));
  }

  @Test
  void takesWhatEachVendorTakes() {
    Provider openrouter = vendor("openrouter");
    Provider anthropic = vendor("anthropic");
    ProviderDirectory directory =
        new ProviderDirectory(List.of(openrouter, anthropic), List.of(), Map.of());
    lists(directory, openrouter, "meta/llama");
    lists(directory, anthropic, "claude-x-20250101");
    assertThat(directory.resolve(new ModelName("openrouter", "meta/llama:free")).upstream())
        .isEqualTo("meta/llama:free");
    assertThat(refusal(() -> directory.resolve(new ModelName("openrouter", "meta/lama:free"))))
        .isNotNull();
    assertThat(directory.resolve(new ModelName("anthropic", "claude-x")).upstream())
        .isEqualTo("claude-x");
  }

  @Test
  void ollamasNameWithoutATagIsItsLatest() {
    assertThat(openai("llama3:latest").resolve(new ModelName("openai", "llama3")).upstream())
        .isEqualTo("llama3:latest");
  }

  @Test
  void setsHoldOnlyWhatCanChat() {
    assertThat(
            openai("text-embedding-3-small", "whisper-1", "gpt-4o", "dall-e-3", "bge-m3")
                .candidates(provider -> true))
        .extracting(ModelName::id)
        .containsExactly("openai/gpt-4o", "sim/echo", "sim/lorem");
  }

  @Test
  void rendersOpenAisForm() {
    Model model =
        new Model(
            "vllm/a",
            "vllm",
            "a",
            7,
            "me",
            Model.State.LISTED,
            new ModelFacts(
                8192,
                null,
                new Price(BigDecimal.ZERO, new BigDecimal("1E+1")),
                0.5,
                Set.of(Capability.TOOLS, Capability.CHAT),
                Set.of()));
    String expected =
        "{\"id\":\"vllm/a\",\"object\":\"model\",\"created\":7,\"owned_by\":\"me\","
            + "\"iir\":{\"provider\":\"vllm\",\"state\":\"listed\",\"context\":8192,"
            + "\"capabilities\":[\"chat\",\"tools\"],\"price\":{\"input\":0,\"output\":10},"
            + "\"quality\":0.5}}";
    assertThat(ModelsJson.one(model)).asString(StandardCharsets.UTF_8).isEqualTo(expected);
    assertThat(ModelsJson.list(List.of(model, model), new ModelPattern("vllm/*")::matches))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"object\":\"list\",\"data\":[" + expected + "," + expected + "]}");
    assertThat(ModelsJson.list(List.of(model), new ModelPattern("local/*")::matches))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"object\":\"list\",\"data\":[]}");
  }
}
