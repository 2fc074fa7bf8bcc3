package io.iir.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Secret;
import io.iir.provider.ModelListClient.Answer;
import io.iir.testing.CassetteServer;
import io.iir.testing.Cassettes;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What asking for models must do with each kind of provider, on recorded answers. */
abstract class DiscoveryKit {

  /** Long, so that no slow machine makes a test fail. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ProviderKind kind;

  @SuppressWarnings("NullAway.Init") // set before each
  private CassetteServer server;

  @SuppressWarnings("NullAway.Init") // set before each
  private ModelListClient client;

  DiscoveryKit(ProviderKind kind) {
    this.kind = kind;
  }

  /** Checks what the recorded models are known to be, by name. */
  abstract void check(Map<String, ListedModel> models);

  @BeforeEach
  void start() throws NoSuchAlgorithmException {
    server = Cassettes.start(kind.word());
    client = new ModelListClient(SSLContext.getDefault());
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  /** The recorded provider. */
  CassetteServer server() {
    return server;
  }

  /** What comes of asking, with the key that the provider wants. */
  Answer ask() throws InterruptedException {
    return ask(server.key(), PATIENCE);
  }

  /** What comes of asking with {@code key} for so long. */
  Answer ask(@Nullable String key, Duration limit) throws InterruptedException {
    Provider usual = Provider.openai(server.provider(), server.baseUrl());
    return client.ask(
        new Provider(
            usual.name(),
            usual.protocol(),
            usual.baseUrl(),
            key == null ? null : Secret.of(key),
            usual.models(),
            usual.timeouts(),
            1,
            1,
            Vendors.named(usual.name())),
        limit);
  }

  /** The models that are listed now. */
  Map<String, ListedModel> listed() throws InterruptedException {
    Answer answer = ask();
    assertThat(answer).isInstanceOf(Answer.Models.class);
    Answer.Models list = (Answer.Models) answer;
    assertThat(list.kind()).isEqualTo(kind);
    return list.models().stream().collect(Collectors.toMap(ListedModel::name, Function.identity()));
  }

  /** The one of {@code models} that is called {@code name}. */
  static ListedModel model(Map<String, ListedModel> models, String name) {
    ListedModel model = models.get(name);
    assertThat(model).as(name).isNotNull();
    return Objects.requireNonNull(model);
  }

  /** What is known of it. */
  static ModelFacts facts(Map<String, ListedModel> models, String name) {
    return model(models, name).facts();
  }

  /** Why there is no list now. */
  String failure() throws InterruptedException {
    Answer answer = ask();
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    String reason = ((Answer.Failed) answer).reason();
    assertThat(reason).isNotBlank().doesNotContain(CassetteServer.KEY).hasSizeLessThan(200);
    return reason;
  }

  @Test
  void listsWhatTheProviderTellsAndAsksForEachThingOnce() throws Exception {
    check(listed());
    server.verifyLooks(1);
  }

  @Test
  void theKindIsFoundOutOnce() throws Exception {
    List<ListedModel> first = List.copyOf(listed().values());
    assertThat(listed().values()).containsExactlyInAnyOrderElementsOf(first);
    server.verifyLooks(2);
  }

  @Test
  void aListWithoutModelsIsOne() throws Exception {
    server.listAnswers(CassetteServer.body(200, server.emptyList()));
    Answer answer = ask();
    assertThat(answer).isInstanceOf(Answer.Models.class);
    assertThat(((Answer.Models) answer).models()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedKeyIsSaidToBe(int status) throws Exception {
    server.listAnswers(CassetteServer.body(status, "{\"error\":\"" + CassetteServer.KEY + "\"}"));
    assertThat(failure())
        .isEqualTo(
            (server.key() == null ? "wants a key, and none is set" : "refused the key")
                + " (HTTP %d)".formatted(status));
  }

  @Test
  void anotherKeyIsRefused() throws Exception {
    if (server.key() == null) {
      ask(null, PATIENCE);
      server.verifyNoSurprises();
    } else {
      assertThat(ask("sk-wrong", PATIENCE))
          .isEqualTo(new Answer.Failed("refused the key (HTTP 401)"));
    }
  }

  @Test
  void aProviderThatIsSilentIsLeft() throws Exception {
    server.listAnswers(CassetteServer.nothing());
    assertThat(ask(server.key(), Duration.ofMillis(300)))
        .isEqualTo(new Answer.Silent("no answer within 300 ms"));
  }

  @Test
  void anAnswerThatNeverEndsIsCutOff() throws Exception {
    byte[] much = new byte[1 << 20];
    server.listAnswers(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 64; i++) {
        exchange.getResponseBody().write(much);
      }
      exchange.close();
    });
    assertThat(failure()).isEqualTo("answered more than 8 MB");
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    server.listAnswers(
        CassetteServer.body(302, "", "Location", "https://elsewhere.example/v1/models?key=secret"));
    assertThat(failure()).isEqualTo("redirects (302 to elsewhere.example), which is not followed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "7",
        "\"models\"",
        "null",
        "{\"data\":{},\"models\":{}}",
        "{\"data\":7,\"models\":7}",
        "{\"data\":[\"gpt\"],\"models\":[\"gpt\"]}",
        "{\"data\":[{\"id\":7}],\"models\":[{\"name\":7}]}",
        "{\"data\":[null],\"models\":[null]}",
        "{\"error\":{\"message\":\"secret\"}}",
        "<!doctype html><title>secret</title>"
      })
  void whatIsNoListIsSaidToBeNone(String body) throws Exception {
    server.listAnswers(CassetteServer.body(200, body));
    assertThat(failure()).containsAnyOf("not a list of models", "JSON").doesNotContain("secret");
  }

  @Test
  void whatIsNoUtf8IsSaidToBeNoList() throws Exception {
    server.listAnswers(
        CassetteServer.body(200, "{\"data\":[{\"id\":\"mod\u00e8le\"}]}".getBytes(ISO_8859_1)));
    assertThat(failure()).isEqualTo("answered no JSON");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 404, 429, 500, 503})
  void anyOtherStatusIsSaid(int status) throws Exception {
    server.listAnswers(CassetteServer.body(status, ""));
    assertThat(failure()).isEqualTo("HTTP " + status);
  }

  @Test
  void aModelOfWhichNonsenseIsToldIsListed() throws Exception {
    server.listAnswers(
        CassetteServer.body(
            200,
            """
            {"data":[{"id":"odd","created":"x","owned_by":[],"context_length":"9","pricing":[],
                      "architecture":7,"providers":7,"capabilities":"all","max_input_tokens":-1}],
             "models":[{"name":"models/odd","inputTokenLimit":1e99,
                        "supportedGenerationMethods":{}}]}
            """));
    Answer answer = ask();
    assertThat(answer).isInstanceOf(Answer.Models.class);
    assertThat(((Answer.Models) answer).models()).extracting(ListedModel::name).contains("odd");
  }
}
