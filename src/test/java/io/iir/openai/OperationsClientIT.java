package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.moderations.ModerationCreateParams;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenAI's own Java client takes the gateway for OpenAI in other things than conversations. The
 * provider's answers are the examples of OpenAI's API reference, shortened.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsClientIT {

  @TempDir static Path temp;

  private FakeProvider provider;
  private Gateway gateway;
  private OpenAIClient client;

  @BeforeAll
  void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway = Gateway.start(Gateway.provider("fake", provider.baseUrl()));
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(gateway.url("/v1").toString())
            .apiKey(Gateway.ADMIN_KEY)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    gateway.close();
    provider.close();
  }

  @Test
  void embeds() {
    provider.behave(call ->
        call.json(
            200,
            """
            {"object":"list","data":[{"object":"embedding","embedding":[0.5,-0.25],"index":0}],\
            "model":"text-embedding-ada-002","usage":{"prompt_tokens":8,"total_tokens":8}}\
            """));
    CreateEmbeddingResponse answer =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("fake/text-embedding-ada-002")
                    .input("The food was delicious")
                    .build());
    assertThat(answer.data().getFirst().embedding()).containsExactly(0.5f, -0.25f);
    assertThat(answer.usage().promptTokens()).isEqualTo(8);
  }

  @Test
  void embedsByTheSimulator() {
    CreateEmbeddingResponse answer =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("sim/echo")
                    .inputOfArrayOfStrings(List.of("a cat", "a dog"))
                    .dimensions(16)
                    .build());
    assertThat(answer.data()).hasSize(2);
    assertThat(answer.data().getLast().embedding()).hasSize(16);
  }

  @Test
  void saysWhatTheSimulatorCannot() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .moderations()
                .create(ModerationCreateParams.builder().model("sim/echo").input("a").build()))
        .withMessageContaining("provider 'sim' offers nothing for moderation");
  }

  @Test
  void moderates() {
    provider.behave(call ->
        call.json(
            200,
            """
            {"id":"modr-AB8","model":"text-moderation-007","results":[{"flagged":true,"categories":\
            {"violence":true},"category_scores":{"violence":0.99},"category_applied_input_types":{}}]}\
            """));
    assertThat(
            client
                .moderations()
                .create(
                    ModerationCreateParams.builder()
                        .model("fake/text-moderation-007")
                        .input("I want to harm them")
                        .build())
                .results()
                .getFirst()
                .flagged())
        .isTrue();
  }

  @Test
  void draws() {
    provider.behave(call ->
        call.json(
            200,
            """
            {"created":1713833628,"data":[{"b64_json":"aGk="}],"usage":{"total_tokens":100,\
            "input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,\
            "image_tokens":40}}}\
            """));
    assertThat(client.images().generate(image()).data().orElseThrow().getFirst().b64Json())
        .contains("aGk=");
  }

  @Test
  void drawsInParts() {
    provider.behave(call -> {
      call.beginStream();
      call.chunk(
          """
          event: image_generation.partial_image
          data: {"type":"image_generation.partial_image","b64_json":"aA==","partial_image_index":0}

          event: image_generation.completed
          data: {"type":"image_generation.completed","b64_json":"aGk=","usage":{"total_tokens":100,\
          "input_tokens":50,"output_tokens":50}}

          """);
      call.endChunks();
    });
    try (StreamResponse<ImageGenStreamEvent> stream = client.images().generateStreaming(image())) {
      assertThat(stream.stream())
          .extracting(ImageGenStreamEvent::isGenerationPartialImage)
          .containsExactly(true, false);
    }
  }

  private static ImageGenerateParams image() {
    return ImageGenerateParams.builder().model("fake/gpt-image-1").prompt("a cat").build();
  }

  @Test
  void speaks() throws IOException {
    provider.behave(call -> {
      call.head(200, "audio/mpeg", "Transfer-Encoding: chunked");
      call.chunk("ID3");
      call.chunk("sound");
      call.endChunks();
    });
    try (HttpResponse sound =
        client
            .audio()
            .speech()
            .create(
                SpeechCreateParams.builder()
                    .model("fake/gpt-4o-mini-tts")
                    .voice("alloy")
                    .input("Hello")
                    .build())) {
      assertThat(new String(sound.body().readAllBytes(), UTF_8)).isEqualTo("ID3sound");
      assertThat(sound.headers().values("Content-Type")).containsExactly("audio/mpeg");
    }
  }

  @Test
  void transcribes() throws IOException {
    provider.behave(call ->
        call.json(
            200,
            """
            {"text":"Hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":\
            {"text_tokens":0,"audio_tokens":14},"output_tokens":45,"total_tokens":59}}\
            """));
    assertThat(client.audio().transcriptions().create(speech()).asTranscription().text())
        .isEqualTo("Hi");
  }

  @Test
  void transcribesAsItUnderstands() throws IOException {
    provider.behave(call -> {
      call.beginStream();
      call.event("{\"type\":\"transcript.text.delta\",\"delta\":\"Hi\"}");
      call.event("{\"type\":\"transcript.text.done\",\"text\":\"Hi\"}");
      call.endChunks();
    });
    try (StreamResponse<TranscriptionStreamEvent> stream =
        client.audio().transcriptions().createStreaming(speech())) {
      assertThat(stream.stream())
          .extracting(TranscriptionStreamEvent::isTranscriptTextDone)
          .containsExactly(false, true);
    }
  }

  private static TranscriptionCreateParams speech() throws IOException {
    Path file = Files.write(temp.resolve("a.wav"), new byte[] {'R', 'I', 'F', 'F', 0, -1});
    return TranscriptionCreateParams.builder().file(file).model("fake/gpt-4o-transcribe").build();
  }
}
