package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.Capability;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What servers say, in the form in which each says it. */
class ModelListParserTest {

  private static ListedModel one(String entry) throws Exception {
    return list("{\"data\":[" + entry + "]}").getFirst();
  }

  private static List<ListedModel> list(String body) throws Exception {
    return ModelListParser.models(
        ModelListParser.entries(new ObjectMapper().readTree(body)),
        "id",
        "models/",
        ListedFacts::of);
  }

  @Test
  void moreModelsThanAnyoneHasAreNoList() throws Exception {
    String many = "{\"id\":\"a\"},".repeat(19_999);
    assertThat(list("{\"data\":[" + many + "{\"id\":\"b\"}]}")).hasSize(2);
    assertThatThrownBy(() -> list("{\"data\":[" + many + "{\"id\":\"b\"},{\"id\":\"c\"}]}"))
        .hasMessage("lists more than 20000 models");
  }

  @Test
  void vllm() throws Exception {
    ListedModel model =
        one(
            """
            {"id":"Qwen/Qwen3-8B","object":"model","created":1700000000,"owned_by":"vllm",
             "root":"Qwen/Qwen3-8B","parent":null,"max_model_len":40960,"permission":[]}
            """);
    assertThat(model.created()).isEqualTo(1_700_000_000L);
    assertThat(model.ownedBy()).isEqualTo("vllm");
    assertThat(model.facts()).isEqualTo(context(40960));
  }

  @Test
  void llamaCpp() throws Exception {
    ListedModel model =
        one(
            """
            {"id":"/models/SmolLM2.gguf","object":"model","created":1,"owned_by":"llamacpp",
             "meta":{"vocab_type":2,"n_vocab":49152,"n_ctx_train":8192,"n_embd":576}}
            """);
    assertThat(model.name()).isEqualTo("/models/SmolLM2.gguf");
    assertThat(model.facts()).isEqualTo(context(8192));
  }

  @Test
  void openRouter() throws Exception {
    ListedModel model =
        one(
            """
            {"id":"openai/gpt-4o","created":1,"context_length":128000,
             "architecture":{"input_modalities":["text","image"],"output_modalities":["text"]},
             "pricing":{"prompt":"0.0000025","completion":"0.00001"},
             "top_provider":{"max_completion_tokens":16384},
             "supported_parameters":["tools","response_format","seed"]}
            """);
    assertThat(model.facts())
        .isEqualTo(
            new ModelFacts(
                128000,
                16384,
                new Price(new BigDecimal("2.5"), new BigDecimal("1E+1")),
                null,
                Set.of(Capability.JSON, Capability.TOOLS, Capability.IMAGES),
                Set.of(),
                new About(null, Set.of("text", "image"), Set.of("text"), null, null)));
  }

  @Test
  void whatAListDeniesIsKnownToo() throws Exception {
    ModelFacts openRouter =
        one("""
        {"id":"a","architecture":{"input_modalities":["text"]},"supported_parameters":["seed"]}
        """)
            .facts();
    assertThat(openRouter.can()).isEmpty();
    assertThat(openRouter.cannot())
        .containsExactlyInAnyOrder(Capability.IMAGES, Capability.JSON, Capability.TOOLS);
    ModelFacts mistral =
        one("""
        {"id":"b","capabilities":{"completion_chat":true,"function_calling":false,"vision":false}}
        """)
            .facts();
    assertThat(mistral.can()).containsExactly(Capability.CHAT);
    assertThat(mistral.cannot()).containsExactlyInAnyOrder(Capability.IMAGES, Capability.TOOLS);
  }

  @Test
  void whatVendorsTellInTheirOwnWay() throws Exception {
    ModelFacts mistral =
        one("""
        {"id":"m","max_context_length":131072,"deprecation":"2026-11-30T12:00:00Z",
         "capabilities":{"completion_chat":true,"function_calling":true,"vision":true}}
        """)
            .facts();
    assertThat(mistral.about().deprecated()).isEqualTo("2026-11-30");
    assertThat(mistral.can())
        .containsExactlyInAnyOrder(Capability.CHAT, Capability.TOOLS, Capability.IMAGES);
    ModelFacts groq =
        one("""
        {"id":"llama-3.3-70b-versatile","owned_by":"Meta","active":true,
         "context_window":131072,"max_completion_tokens":32768}
        """)
            .facts();
    assertThat(groq.context()).isEqualTo(131072);
    assertThat(groq.maxOutput()).isEqualTo(32768);
    ModelFacts together =
        one("""
        {"id":"Qwen/Qwen3-Next-80B","type":"chat","context_length":262144,
         "pricing":{"hourly":0,"input":0.15,"output":1.5,"base":0,"finetune":0}}
        """)
            .facts();
    assertThat(together.price())
        .isEqualTo(new Price(new BigDecimal("0.15"), new BigDecimal("1.5")));
    assertThat(together.can()).containsExactly(Capability.CHAT);
    ModelFacts draws = one("{\"id\":\"FLUX.2\",\"type\":\"image\"}").facts();
    assertThat(draws.cannot()).containsExactly(Capability.CHAT);
    assertThat(draws.about().outputs()).containsExactly("image");
    ModelFacts fireworks =
        one("""
        {"id":"accounts/fireworks/models/glm-5","supports_chat":true,"supports_tools":true,
         "supports_image_input":false,"context_length":202752}
        """)
            .facts();
    assertThat(fireworks.can()).containsExactlyInAnyOrder(Capability.CHAT, Capability.TOOLS);
    assertThat(fireworks.cannot()).containsExactly(Capability.IMAGES);
  }

  private static ModelFacts context(int tokens) {
    return new ModelFacts(tokens, null, null, null, Set.of(), Set.of());
  }

  @Test
  void anthropicAndGemini() throws Exception {
    assertThat(
            one("{\"type\":\"model\",\"id\":\"c\",\"created_at\":\"2025-02-19T00:00:00Z\"}")
                .created())
        .isEqualTo(1_739_923_200L);
    assertThat(one("{\"id\":\"models/gemini-2.5-pro\",\"object\":\"model\"}").name())
        .isEqualTo("gemini-2.5-pro");
  }

  @Test
  void togethersBareArray() throws Exception {
    assertThat(list("[{\"id\":\"a\"},{\"id\":\"b\\n\"},{\"id\":\"a\"}]"))
        .as("each once, and none that would break a header")
        .extracting(ListedModel::name)
        .containsExactly("a");
  }

  @Test
  void nonsenseIsNoFact() throws Exception {
    assertThat(
            one("""
            {"id":"a","created":-5,"context_length":-1,"max_model_len":"much","meta":7,
             "pricing":{"prompt":"-1","completion":"1e999999999"},"capabilities":[1]}
            """)
                .facts())
        .isEqualTo(ModelFacts.UNKNOWN);
  }
}
