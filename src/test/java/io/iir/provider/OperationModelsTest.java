package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.config.ModelSettings;
import io.iir.openai.Operation;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationModelsTest {

  private static final Provider VENDOR = ProviderDirectoryTest.vendor("openai");
  private static final Provider NEAR = Provider.openai("vllm", URI.create("http://10.0.0.7/v1"));

  private static ProviderDirectory directory(ModelSettings... said) {
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(VENDOR, NEAR, Provider.sim("sim")),
            List.of(),
            Map.of(),
            List.of(said),
            new ModelTraffic());
    ProviderDirectoryTest.lists(
        directory,
        VENDOR,
        "gpt-4o",
        "text-embedding-3-small",
        "omni-moderation-latest",
        "gpt-image-1",
        "gpt-4o-mini-tts",
        "gpt-4o-transcribe",
        "sora-2");
    ProviderDirectoryTest.lists(directory, NEAR, "some-model", "bge-reranker-v2-m3");
    return directory;
  }

  private static ModelSettings is(String id, Capability... can) {
    return new ModelSettings(id, null, null, null, null, null, Arrays.asList(can));
  }

  private static List<String> chosen(
      ProviderDirectory directory, String targets, Operation operation) {
    Needs needs = new Needs(operation, 1, 0, false, false, false, 50, List.of(ModelPattern.ALL));
    return TargetList.parse(targets).choose(directory, needs).stream()
        .map(model -> model.name().model())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, gpt-4o some-model",
    "EMBEDDINGS, text-embedding-3-small",
    "RERANK, bge-reranker-v2-m3",
    "MODERATION, omni-moderation-latest",
    "IMAGE, gpt-image-1",
    "SPEECH, gpt-4o-mini-tts",
    "TRANSCRIPTION, gpt-4o-transcribe"
  })
  void setsHoldWhatIsForTheOperation(Operation operation, String names) {
    assertThat(chosen(directory(), "any", operation)).containsExactly(names.split(" ", -1));
  }

  @Test
  void whatIsOpenIsAskedOnlyIfThereIsNothingElse() {
    assertThat(chosen(directory(), "any", Operation.RERANK)).containsExactly("bge-reranker-v2-m3");
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(VENDOR, NEAR), List.of(), Map.of(), List.of(), new ModelTraffic());
    ProviderDirectoryTest.lists(directory, VENDOR, "whisper-1", "sora-2");
    ProviderDirectoryTest.lists(directory, NEAR, "some-model");
    assertThat(chosen(directory, "any", Operation.RERANK)).containsExactly("some-model");
  }

  @Test
  void whatIsKnownOfAModelGoesBeforeItsName() {
    ProviderDirectory directory =
        directory(
            is("vllm/some-model", Capability.EMBEDDINGS),
            is("openai/text-embedding-3-small", Capability.CHAT));
    assertThat(chosen(directory, "any", Operation.EMBEDDINGS)).containsExactly("some-model");
    assertThat(chosen(directory, "any", Operation.CHAT))
        .containsExactly("text-embedding-3-small", "gpt-4o");
  }

  @Test
  void aModelKnownForOneThingIsLeftOutOfAnotherAlsoIfItIsNamed() {
    ProviderDirectory directory = directory(is("openai/gpt-4o", Capability.CHAT));
    assertThat(chosen(directory, "openai/gpt-4o, vllm/some-model", Operation.EMBEDDINGS))
        .containsExactly("some-model");
    directory = directory(is("vllm/some-model", Capability.EMBEDDINGS));
    assertThat(chosen(directory, "vllm/some-model, openai/gpt-4o", Operation.CHAT))
        .containsExactly("gpt-4o");
    directory = directory(is("vllm/some-model", Capability.EMBEDDINGS, Capability.CHAT));
    assertThat(chosen(directory, "vllm/some-model", Operation.CHAT)).hasSize(1);
  }

  @Test
  void aProviderWithoutTheOperationIsNotAsked() {
    assertThat(chosen(directory(), "sim/echo, openai/sora-2", Operation.SPEECH))
        .containsExactly("sora-2");
    assertThat(chosen(directory(), "sim/echo", Operation.EMBEDDINGS)).containsExactly("echo");
  }
}
