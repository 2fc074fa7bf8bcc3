package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks Ollama: {@code /v1/models} for what there is, {@code /api/tags} for how weights are kept,
 * {@code /api/ps} for the context of what is loaded, and {@code /api/show} for context and
 * capabilities of each model, of 200 at most and 8 at a time. Where one of these fails, the rest
 * stands. It holds any chat model to a JSON schema.
 */
final class OllamaLister implements ModelLister {

  private static final int SHOWN = 200;
  private static final int AT_A_TIME = 8;
  private static final Pattern NUM_CTX = Pattern.compile("(?m)^num_ctx\\s+(\\d{1,9})\\s*$");

  /** What one look told besides the list, by a model's name. */
  private record Told(
      Map<String, JsonNode> tags, Map<String, JsonNode> loaded, Map<String, Shown> shown) {}

  /** The few things that count of what is shown of a model; the rest is large, and not kept. */
  private record Shown(
      JsonNode setContext, JsonNode trainedContext, JsonNode quantization, Set<String> can) {

    static final Shown NOTHING = of(MissingNode.getInstance());

    static Shown of(JsonNode shown) {
      return new Shown(
          numCtx(shown),
          contextLength(shown),
          shown.at("/details/quantization_level"),
          FactCollector.words(shown.path("capabilities")));
    }
  }

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    List<JsonNode> entries = ModelListParser.entriesOrNone(inquiry.models().body());
    Told told =
        new Told(
            named(inquiry, "/api/tags"),
            named(inquiry, "/api/ps"),
            show(inquiry, entries.stream().map(entry -> entry.path("id").asText()).toList()));
    return ModelListParser.models(entries, entry -> facts(entry.path("id").asText(), told));
  }

  private static ModelFacts facts(String name, Told told) {
    JsonNode none = MissingNode.getInstance();
    Shown shown = told.shown().getOrDefault(name, Shown.NOTHING);
    JsonNode tag = told.tags().getOrDefault(name, none);
    FactCollector facts =
        new FactCollector()
            .context(
                shown.setContext(),
                told.loaded().getOrDefault(name, none).path("context_length"),
                shown.trainedContext())
            .quantization(tag.at("/details/quantization_level"))
            .quantization(shown.quantization());
    Set<String> can = shown.can();
    if (!can.isEmpty()) {
      capabilities(name, can, facts);
    }
    return facts.facts();
  }

  private static void capabilities(String name, Set<String> can, FactCollector facts) {
    if (!can.contains("completion")) {
      facts.outputs(Set.of(can.contains("embedding") ? "embedding" : "image"));
      facts.says(Capability.CHAT, false);
      return;
    }
    Set<String> inputs = new HashSet<>(Set.of("text"));
    if (can.contains("vision")) {
      inputs.add("image");
    }
    if (can.contains("audio")) {
      inputs.add("audio");
    }
    facts
        .chats(name)
        .inputs(inputs)
        .outputs(Set.of("text"))
        .says(Capability.TOOLS, can.contains("tools"))
        .says(Capability.JSON, true);
  }

  /** {@code num_ctx} among its parameters: with that it is loaded. */
  private static JsonNode numCtx(JsonNode shown) {
    Matcher set = NUM_CTX.matcher(shown.path("parameters").asText(""));
    return set.find()
        ? JsonNodeFactory.instance.numberNode(Integer.parseInt(set.group(1)))
        : MissingNode.getInstance();
  }

  /** {@code llama.context_length}, by whatever its architecture is called. */
  private static JsonNode contextLength(JsonNode shown) {
    JsonNode info = shown.path("model_info");
    return info.path(info.path("general.architecture").asText("") + ".context_length");
  }

  /** The {@code models} at {@code path} by name; none where they cannot be had. */
  private static Map<String, JsonNode> named(Inquiry inquiry, String path)
      throws InterruptedException {
    Map<String, JsonNode> named = new HashMap<>();
    try {
      for (JsonNode each : inquiry.get(inquiry.root() + path).path("models")) {
        named.put(each.path("name").asText(""), each);
      }
    } catch (IOException e) {
      named.clear();
    }
    return named;
  }

  private static Map<String, Shown> show(Inquiry inquiry, List<String> names)
      throws InterruptedException {
    List<String> few = names.stream().distinct().limit(SHOWN).toList();
    List<Callable<Shown>> questions = new ArrayList<>();
    for (String name : few) {
      JsonNode question = JsonNodeFactory.instance.objectNode().put("model", name);
      questions.add(() -> Shown.of(inquiry.describe(inquiry.root() + "/api/show", question)));
    }
    Map<String, Shown> shown = new HashMap<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
      List<Future<Shown>> answers =
          threads.invokeAll(questions, inquiry.timeLeft().toNanos(), TimeUnit.NANOSECONDS);
      for (int i = 0; i < answers.size(); i++) {
        try {
          shown.put(few.get(i), answers.get(i).get());
        } catch (ExecutionException | CancellationException e) {
          // of this model it is known what the tags say
        }
      }
    }
    return shown;
  }
}
