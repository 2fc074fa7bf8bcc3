package io.iir.rules;

import io.iir.rules.Try.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.util.List;
import java.util.stream.Stream;

/** The recipes in {@code routes/examples}, and the requests that they are tried with. */
final class Recipes {

  static final Path FOLDER = Path.of("routes/examples");

  private static final String SUFFIX = ".camel.yaml";
  private static final String CODING =
      "Write a Python function that merges two sorted lists, with tests, handles edge cases, and"
          + " explain its complexity.";
  private static final String HARD =
      "Write a thread-safe LRU cache in Java with tests, compare three designs, analyse their"
          + " complexity step by step, and then optimise it for many readers. Explain each"
          + " trade-off in detail, and prove that it is correct.";
  private static final String CAPITAL = "What is the capital of Peru?";
  private static final String IMAGE =
      """
      "messages": [{"role": "user", "content": [{"type": "image_url",\
       "image_url": {"url": "data:image/png;base64,AAAA"}}]}]\
      """;
  private static final String TOOLS =
      """
      "tools": [{"type": "function", "function": {"name": "now", "parameters": {}}}]\
      """;
  private static final String AS_JSON =
      """
      "response_format": {"type": "json_object"}\
      """;
  private static final String GPT =
      """
      "model": "openai/gpt-4o"\
      """;

  private static final String GEMMA = "ollama/gemma3:4b";
  private static final String QWEN = "vllm/qwen2.5-coder-32b";
  private static final String LLAMA = "groq/llama-3.1-8b-instant";
  private static final String MINI = "openai/gpt-4o-mini";
  private static final String GPT_4O = "openai/gpt-4o";
  private static final String CLAUDE = "anthropic/claude-sonnet-4-5";
  private static final String GEMINI = "gemini/gemini-2.5-pro";

  /** By recipe, each with requests that take different branches. */
  static final List<Try> TRIES =
      List.of(
          Try.of("cheapest-capable", "Hi").gets(GEMMA, "cheapest"),
          Try.of("cheapest-capable", "Hi").with(TOOLS).gets(QWEN, "cheapest-with-tools"),
          Try.of("cheapest-capable", "Hi").with(GPT).gets(GPT_4O, "named"),
          Try.of("quality-floor", "Hi").gets(QWEN, "floor"),
          Try.of("quality-floor", HARD).gets(GEMINI, "high-floor"),
          Try.of("team-models", "Hi").gets(MINI, "everyone"),
          Try.of("team-models", "Hi").key("research").gets(CLAUDE, "research"),
          Try.of("team-models", "Hi").key("search").gets(LLAMA, "bulk"),
          Try.of("per-team", "Hi").gets(GEMMA, "everyone"),
          Try.of("per-team", "Hi").key("search").gets(LLAMA, "search-rest"),
          Try.of("per-team", "Hi").key("search").with(AS_JSON).gets(QWEN, "search-ranking"),
          // The dice of u12 is 9, of u1 63, of u10 98.
          Try.of("canary", "Hi").with("\"user\": \"u12\"").gets(GEMINI, "canary"),
          Try.of("canary", "Hi").with("\"user\": \"u1\"").gets(GPT_4O, "stable"),
          Try.of("ab-test", CODING).with("\"user\": \"u1\"").gets(GPT_4O, "experiment"),
          Try.of("ab-test", CODING).with("\"user\": \"u10\"").gets(CLAUDE, "experiment"),
          Try.of("ab-test", "Hi").gets(GEMMA, "rest"),
          Try.of("office-hours", "Hi").at(DayOfWeek.MONDAY, 10).gets(GEMMA, "office-hours"),
          Try.of("office-hours", "Hi").at(DayOfWeek.MONDAY, 22).gets(MINI, "off-hours"),
          Try.of("office-hours", "Hi").at(DayOfWeek.SATURDAY, 10).gets(MINI, "off-hours"),
          Try.of("private-data", "Hi").key("hr").with(GPT).gets(GEMMA, "private"),
          Try.of("private-data", "Hi").header("X-Tenant", "acme").gets(GEMMA, "private"),
          Try.of("private-data", "Hi").header("X-Tenant", "other").gets(MINI, "open"),
          Try.of("private-data", "Hi").with(GPT).gets(GPT_4O, "named"),
          Try.of("long-prompts", "word ".repeat(30_000)).gets(LLAMA, "long-prompt"),
          Try.of("long-prompts", "Hi").with("\"max_tokens\": 9000").gets(MINI, "long-answer"),
          Try.of("long-prompts", "Hi").gets(GEMMA, "short"),
          Try.of("images-tools-json", "").with(IMAGE).gets(MINI, "images"),
          Try.of("images-tools-json", "Hi").with(TOOLS).gets(GEMINI, "tools"),
          Try.of("images-tools-json", "Hi").with(AS_JSON).gets(QWEN, "json"),
          Try.of("images-tools-json", "Hi").gets(GEMMA, "text"),
          Try.of("coding-strong", CODING).gets(CLAUDE, "hard"),
          Try.of("coding-strong", "Hi").gets(GEMMA, "chit-chat"),
          Try.of("coding-strong", CAPITAL).gets(MINI, "middle"),
          Try.of("by-language", "请解释一下什么是光合作用").gets(QWEN, "chinese"),
          Try.of("by-language", "Wie wird morgen das Wetter in Berlin und was soll ich anziehen?")
              .gets(GEMINI, "european"),
          Try.of("by-language", CAPITAL).gets(MINI, "other"),
          Try.of("spill-over", "Hi").gets(GEMMA, "local-first"),
          Try.of("spill-over", "Hi").given(Given.BUSY).gets(MINI, "spill-over"),
          Try.of("when-loaded", "Hi").gets(QWEN, "without-it"),
          Try.of("when-loaded", "Hi")
              .given(Given.WORKSTATION)
              .gets("gpu/llama-3.3-70b", "workstation"),
          Try.of("priority-header", "Hi").header("X-Priority", "High").gets("", "urgent"),
          Try.of("priority-header", "Hi").header("X-Priority", "low").gets(GEMMA, "batch"),
          Try.of("priority-header", "Hi").gets(MINI, "usual"),
          Try.of("cache-by-kind", "Write a poem about the sea").gets(GEMMA, "always-new"),
          Try.of("cache-by-kind", "Translate to French: good morning").gets(MINI, "lasting"),
          Try.of("cache-by-kind", "Hi").gets(GEMMA, "usual"),
          Try.of("interactive-timeout", "Hi").with("\"stream\": true").gets("", "interactive"),
          Try.of("interactive-timeout", "Hi").gets(QWEN, "batch"),
          Try.of("accounting-tags", CODING).key("research").gets(GEMINI, "demanding"),
          Try.of("accounting-tags", "Hi").gets(GEMMA, "usual"),
          Try.of("maintenance", "Hi").with(GPT).gets(CLAUDE, "openai-is-out"),
          Try.of("maintenance", "Hi").gets(GEMMA, "others"),
          Try.of("failover-order", "").with(IMAGE).gets(GPT_4O, "vision"),
          Try.of("failover-order", "Hi").gets(GPT_4O, "by-hand"),
          Try.of("free-tier", "Hi")
              .key("free")
              .with("\"max_tokens\": 99")
              .gets(LLAMA, "free-short"),
          Try.of("free-tier", "Hi").key("free").with(GPT).gets(GEMMA, "free-long"),
          Try.of("free-tier", "Hi").gets(GEMINI, "paying"),
          Try.of("budget-left", "Hi").gets(GPT_4O, "enough"),
          Try.of("budget-left", "Hi").with(GPT).gets(GPT_4O, "named"));

  private Recipes() {}

  /** The requests that {@code recipe} is tried with. */
  static List<Try> tries(String recipe) {
    return TRIES.stream().filter(each -> each.recipe().equals(recipe)).toList();
  }

  /** All recipes, by name. */
  static List<String> names() {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.map(path -> path.getFileName().toString().replace(SUFFIX, "")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of {@code recipe}. */
  static List<Path> files(String recipe) {
    Path folder = FOLDER.resolve(recipe);
    if (!Files.isDirectory(folder)) {
      return List.of(FOLDER.resolve(recipe + SUFFIX));
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the rule that {@code file} of {@code recipe} is to be. */
  static String id(Path file) {
    boolean entry = FOLDER.equals(file.getParent());
    return entry ? RuleFile.ENTRY : file.getFileName().toString().replace(SUFFIX, "");
  }
}
