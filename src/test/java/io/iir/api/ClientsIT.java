package io.iir.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import io.iir.protocol.anthropic.AnthropicFake;
import io.iir.protocol.gemini.GeminiFake;
import io.iir.protocol.kit.OpenAiFake;
import io.iir.protocol.kit.ProtocolFake;
import io.iir.protocol.kit.ProtocolFake.Form;
import io.iir.protocol.kit.Scenario;
import io.iir.testing.Gateway;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The clients that people use run the examples of their own documentation, chat, stream and tools,
 * unchanged against the gateway, before providers of three protocols. Writes what came of each to
 * {@code target/clients.md}.
 */
@Tag("clients")
class ClientsIT {

  /** A client, and how its examples in {@code src/test/clients} are started. */
  enum Client {
    OPENAI_PYTHON("openai (Python)", "python/bin/python", "python/openai_client.py"),
    OPENAI_NODE("openai (Node)", "node", "node/openai_client.mjs"),
    OPENAI_JAVA("openai-java", "", ""),
    ANTHROPIC_PYTHON("anthropic (Python)", "python/bin/python", "python/anthropic_client.py"),
    VERCEL_AI("Vercel AI SDK (Node)", "node", "node/ai_client.mjs"),
    LANGCHAIN("LangChain (Python)", "python/bin/python", "python/langchain_client.py");

    private final String title;
    private final String program;
    private final String script;

    Client(String title, String program, String script) {
      this.title = title;
      this.program = program;
      this.script = script;
    }
  }

  /** What the clients' documentation shows. */
  enum Example {
    CHAT(Scenario.CHAT, Scenario.CHAT, Form.WHOLE),
    STREAM(Scenario.CHAT, Scenario.CHAT, Form.STREAM),
    TOOLS(Scenario.TOOL_ROUND, Scenario.TOOLS_ANSWERED, Form.WHOLE);

    private final Scenario played;
    private final Scenario seen;
    private final Form form;

    Example(Scenario played, Scenario seen, Form form) {
      this.played = played;
      this.seen = seen;
      this.form = form;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Map<String, Map<String, String>> RESULTS = new ConcurrentHashMap<>();
  private static final Map<String, ProtocolFake> UPSTREAMS = new TreeMap<>();

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    UPSTREAMS.put("openai", new OpenAiFake());
    UPSTREAMS.put("anthropic", new AnthropicFake());
    UPSTREAMS.put("gemini", new GeminiFake());
    List<String> settings = new ArrayList<>(List.of("iir.cache.enabled=false"));
    UPSTREAMS.forEach(
        (protocol, fake) -> settings.addAll(List.of(fake.settings("up-" + protocol))));
    gateway = Gateway.start(settings.toArray(String[]::new));
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    UPSTREAMS.values().forEach(ProtocolFake::close);
    Files.writeString(Path.of("target/clients.md"), table());
  }

  static Stream<Arguments> all() {
    return Stream.of(Client.values())
        .flatMap(client ->
            Stream.of("openai", "anthropic", "gemini")
                .flatMap(upstream ->
                    Stream.of(Example.values())
                        .map(example -> Arguments.of(client, upstream, example))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void runsItsExample(Client client, String upstream, Example example) throws Exception {
    ProtocolFake fake = Objects.requireNonNull(UPSTREAMS.get(upstream));
    fake.play(example.played);
    String model = "up-" + upstream + "/" + fake.model();
    Map<String, String> row =
        RESULTS.computeIfAbsent(client.title + " | " + upstream, any -> new ConcurrentHashMap<>());
    row.put(example.word(), "failed");

    String text = client == Client.OPENAI_JAVA ? java(model, example) : run(client, model, example);

    assertThat(text).isEqualTo(fake.expected(example.seen, example.form).text());
    fake.verifyAccepted();
    row.put(example.word(), "ok");
  }

  private static String run(Client client, String model, Example example) throws Exception {
    Path installed = Path.of(System.getProperty("iir.test.clients", ""));
    assertThat(installed.toString())
        .as("the system property iir.test.clients: .ci/run sets it")
        .isNotBlank();
    String program =
        client.program.contains("/")
            ? installed.resolve(client.program).toString()
            : client.program;
    ProcessBuilder process =
        new ProcessBuilder(program, installed.resolve(client.script).toString(), example.word());
    Map<String, String> environment = process.environment();
    String address = "http://127.0.0.1:" + gateway.port();
    environment.put("MODEL", model);
    environment.put("OPENAI_BASE_URL", address + "/v1");
    environment.put("OPENAI_API_KEY", Gateway.ADMIN_KEY);
    environment.put("ANTHROPIC_BASE_URL", address);
    environment.put("ANTHROPIC_API_KEY", Gateway.ADMIN_KEY);
    environment.put("LANGSMITH_TRACING", "false");
    File errors = File.createTempFile("client", ".err");
    File printed = File.createTempFile("client", ".out");
    Process running = process.redirectError(errors).redirectOutput(printed).start();
    try {
      assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      running.destroyForcibly();
    }
    String out = Files.readString(printed.toPath());
    assertThat(running.exitValue()).as(() -> out + read(errors)).isZero();
    return Gateway.json(out).path("text").asText();
  }

  private static String read(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String java(String model, Example example) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + gateway.port() + "/v1")
            .apiKey(Gateway.ADMIN_KEY)
            .maxRetries(0)
            .build();
    try {
      return switch (example) {
        case CHAT ->
            text(
                client
                    .chat()
                    .completions()
                    .create(
                        ask(model, "Hello!")
                            .addDeveloperMessage("You are a helpful assistant.")
                            .build()));
        case STREAM -> {
          ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
          try (StreamResponse<ChatCompletionChunk> chunks =
              client.chat().completions().createStreaming(ask(model, "Hello!").build())) {
            chunks.stream().forEach(all::accumulate);
          }
          yield text(all.chatCompletion());
        }
        case TOOLS -> tools(client, ask(model, "What is the weather like in Paris today?"));
      };
    } finally {
      client.close();
    }
  }

  private static ChatCompletionCreateParams.Builder ask(String model, String question) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(question);
  }

  private static String tools(OpenAIClient client, ChatCompletionCreateParams.Builder asked) {
    asked.addFunctionTool(
        FunctionDefinition.builder()
            .name("get_weather")
            .description("Get current temperature for a given location.")
            .parameters(
                FunctionParameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .putAdditionalProperty(
                        "properties", JsonValue.from(Map.of("location", Map.of("type", "string"))))
                    .putAdditionalProperty("required", JsonValue.from(List.of("location")))
                    .build())
            .build());
    ChatCompletionMessage called =
        client.chat().completions().create(asked.build()).choices().getFirst().message();
    asked.addMessage(called);
    called
        .toolCalls()
        .orElseThrow()
        .forEach(call ->
            asked.addMessage(
                ChatCompletionToolMessageParam.builder()
                    .toolCallId(call.asFunction().id())
                    .content("18 degrees, sunny")
                    .build()));
    return text(client.chat().completions().create(asked.build()));
  }

  private static String text(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElseThrow();
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| client | upstream | chat | stream | tools |\n|---|---|---|---|---|\n");
    new TreeMap<>(RESULTS)
        .forEach((row, results) -> {
          table.append("| ").append(row);
          for (Example example : Example.values()) {
            table.append(" | ").append(results.getOrDefault(example.word(), "not run"));
          }
          table.append(" |\n");
        });
    return table.toString();
  }
}
