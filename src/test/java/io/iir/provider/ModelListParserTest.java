package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What servers say, in the form in which each says it. */
class ModelListParserTest {

  private static ListedModel one(String entry) throws Exception {
    return ModelListParser.parse(
            ("{\"data\":[" + entry + "]}").getBytes(StandardCharsets.UTF_8), "models/")
        .getFirst();
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
             "architecture":{"input_modalities":["text","image"]},
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
                Set.of()));
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
    byte[] body =
        "[{\"id\":\"a\"},{\"id\":\"b\\n\"},{\"id\":\"a\"}]".getBytes(StandardCharsets.UTF_8);
    assertThat(ModelListParser.parse(body, ""))
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
