package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.openai.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoosingTest {

  private final Catalogue catalogue = new Catalogue();

  private static Needs needs(int prompt, int most, String what, int dice) {
    return new Needs(
        Operation.CHAT,
        prompt,
        most,
        what.contains("tools"),
        what.contains("images"),
        what.contains("json"),
        dice,
        List.of(ModelPattern.ALL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          any                                            | big mini odd quick qwen tiny
          cheapest                                       | qwen tiny quick mini big odd
          cheapest(*)                                    | qwen tiny echo lorem quick mini big odd
          cheapest(openai/big, openai/mini)              | mini big
          cheapest(openai/odd, openai/mini)              | mini odd
          cheapest(openai/*), vllm/qwen, openai/big      | mini big odd qwen
          cheapest(vllm/tiny, vllm/qwen)                 | tiny qwen
          best                                           | big mini qwen quick odd tiny
          best(vllm/tiny, openai/odd, groq/quick)        | quick odd tiny
          best(sim/echo, vllm/tiny, openai/odd)          | odd tiny echo
          cheapest(local)                                | qwen tiny
          cheapest(hosted)                               | quick mini big odd
          cheapest(quality >= 0.7)                       | mini big
          cheapest(quality >= 0.7, tools, local)         | ``
          cheapest(quality >= 0.6, tools, local)         | qwen
          cheapest(local, openai/big)                    | qwen tiny big
          cheapest(local, tools, openai/big)             | qwen big
          cheapest(local, hosted)                        | qwen tiny quick mini big odd
          best(price <= 2.5, context >= 128k, openai/*)  | mini
          best(price <= 4.375)                           | big mini qwen quick tiny
          best(price < 4.375)                            | mini qwen quick tiny
          best(price > 0.2625)                           | big
          best(price >= 0.2625)                          | big mini
          best(price = 0)                                | qwen tiny
          best(price != 0)                               | big mini quick
          best(input-price < 0.1, hosted)                | quick
          best(output-price >= 0.6)                      | big mini
          best(context<=32768)                           | qwen quick tiny
          best(context > 0.1m)                           | big mini
          best(max-output >= 32k)                        | big mini
          best(quality = 0.6)                            | qwen
          best(quality != 0.6)                           | big mini quick
          any(tools)                                     | big mini qwen
          any(!tools)                                    | odd quick tiny
          any(images)                                    | big
          any(vision)                                    | big
          any(json, !images)                             | mini
          any(!local)                                    | big mini odd quick
          any(!hosted, tools)                            | qwen
          any( ! local , tools )                         | big mini
          hosted(vllm/*, openai/odd)                     | odd
          local(tools)                                   | qwen
          cheapest(best(openai/big, vllm/qwen), groq/*)  | qwen quick big
          """)
  void putsInOrder(String text, String names) {
    assertThat(catalogue.choose(text, Needs.NOTHING)).isEqualTo(names);
  }

  @Test
  void theIdlestIsTheOneWithTheFewestRequests() {
    String text = "idlest(openai/big, groq/quick, vllm/qwen)";
    assertThat(catalogue.choose(text, Needs.NOTHING)).isEqualTo("big quick qwen");
    List<ModelCall> calls = new ArrayList<>();
    for (String id : List.of("openai/big", "openai/big", "groq/quick")) {
      calls.add(catalogue.traffic.begin(catalogue.candidate(id)));
    }
    assertThat(catalogue.choose(text, Needs.NOTHING)).isEqualTo("qwen quick big");
    calls.forEach(ModelCall::dropped);
    calls.forEach(ModelCall::failed);
    assertThat(catalogue.choose(text, Needs.NOTHING)).isEqualTo("big quick qwen");
  }

  @Test
  void theFastestIsTheOneThatWas() {
    String text = "fastest(openai/big, groq/quick, vllm/qwen, vllm/tiny, openai/odd)";
    assertThat(catalogue.choose(text, Needs.NOTHING))
        .as("unmeasured: the local ones first")
        .isEqualTo("qwen tiny big quick odd");
    catalogue.stream("openai/big", 0.5, 2);
    catalogue.stream("groq/quick", 0.2, 0.5);
    catalogue.stream("openai/odd", 0.1, 3);
    assertThat(catalogue.choose(text, Needs.NOTHING)).isEqualTo("quick big odd qwen tiny");
    assertThat(catalogue.choose(text, needs(1, 1, "", 4)))
        .as("some users try what is not measured")
        .isEqualTo("qwen quick big odd tiny");
    catalogue.nanos += 610_000_000_000L;
    catalogue.stream("openai/odd", 0.1, 3);
    assertThat(catalogue.choose(text, Needs.NOTHING))
        .as("what is ten minutes old says nothing")
        .isEqualTo("odd qwen tiny big quick");
  }

  @Test
  void usersAreSharedByWeight() {
    String text = "weighted(openai/big: 70, groq/quick: 20.5, vllm/*: 9.5)";
    List<String> first =
        IntStream.range(0, 100)
            .mapToObj(dice -> catalogue.choose(text, needs(1, 1, "", dice)))
            .toList();
    assertThat(first.subList(0, 70)).containsOnly("big quick qwen tiny");
    assertThat(first.subList(70, 91)).containsOnly("quick big qwen tiny");
    assertThat(first.subList(91, 100)).containsOnly("qwen tiny big quick");
    catalogue.fails("groq/quick", 10);
    assertThat(catalogue.choose(text, needs(1, 1, "", 80)))
        .as("others stay where they are")
        .isEqualTo("big qwen tiny");
    assertThat(catalogue.choose("weighted(openai/none: 90, vllm/tiny: 10)", Needs.NOTHING))
        .isEqualTo("tiny");
    assertThat(catalogue.choose("weighted(openai/none: 90)", Needs.NOTHING)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          images      | 10   | 0    | big odd tiny
          tools       | 10   | 0    | big mini odd qwen tiny
          json        | 10   | 0    | big mini odd tiny
          images json | 10   | 0    | big odd tiny
          ``          | 2000 | 48   | big mini odd quick qwen tiny
          ``          | 2000 | 49   | big mini odd quick qwen
          ``          | 8000 | 1000 | big mini odd qwen
          """)
  void whatCannotTakeTheRequestIsLeftOut(String what, int prompt, int most, String names) {
    assertThat(catalogue.choose("any", needs(prompt, most, what, 50))).isEqualTo(names);
  }

  @Test
  void whatIsDownIsLeftOutForAWhile() {
    catalogue.fails("openai/big", 9);
    assertThat(catalogue.choose("openai/big, groq/quick", Needs.NOTHING)).isEqualTo("big quick");
    catalogue.fails("openai/big", 1);
    assertThat(catalogue.choose("openai/big, groq/quick", Needs.NOTHING)).isEqualTo("quick");
    assertThat(catalogue.explain("openai/big, groq/quick", Needs.NOTHING).leftOut())
        .extracting(LeftOut::toString)
        .containsExactly("openai/big is down: 10 of its last 10 calls failed, asked again in 5 s");
    assertThat(catalogue.choose("openai/big", Needs.NOTHING))
        .as("what it is told is that it is down")
        .isEqualTo("big");
    catalogue.nanos += 5_000_000_001L;
    assertThat(catalogue.choose("openai/big, groq/quick", Needs.NOTHING)).isEqualTo("big quick");
  }

  @Test
  void saysWhyOthersAreLeftOut() {
    catalogue.fails("openai/mini", 10);
    Needs needs =
        needs(9000, 120, "images tools", 50)
            .allowing(
                List.of(
                    new ModelPattern("openai/*"),
                    new ModelPattern("groq/*"),
                    new ModelPattern("opnai/*")));
    Explanation explanation =
        catalogue.explain(
            "vllm/qwen, openai/none, opnai/x, openai/big, groq/quick, openai/mini,"
                + " best(quality > 0.95, openai/odd)",
            needs);
    assertThat(explanation.chosen())
        .extracting(Candidate::name)
        .extracting(ModelName::id)
        .containsExactly("openai/big");
    assertThat(explanation.leftOut())
        .extracting(LeftOut::toString)
        .containsExactly(
            "vllm/qwen is not for this key",
            "openai/none is not on offer",
            "opnai/x is not on offer: provider 'opnai' is not configured",
            "openai/odd is of unknown quality, quality > 0.95 is wanted",
            "groq/quick takes no images",
            "openai/mini takes no images");
    assertThat(catalogue.explain("groq/quick", needs(9000, 120, "", 1)).leftOut().getFirst())
        .hasToString("groq/quick context of 8192 tokens is less than the 9120 wanted");
    assertThat(catalogue.explain("any(quality < 0.6)", Needs.NOTHING).leftOut().getFirst())
        .hasToString("openai/big has a quality of 0.9, quality < 0.6 is wanted");
  }

  private static final String[] ITEMS = {
    "openai/big",
    "openai/mini",
    "openai/odd",
    "groq/quick",
    "vllm/*",
    "*",
    "sim/echo",
    "x/y",
    "local",
    "hosted",
    "any",
    "openai/none",
    "openai/m*"
  };
  private static final String[] CONDITIONS = {
    "tools", "!tools", "images", "json", "quality >= 0.6", "price < 1", "context > 4k", "!local"
  };
  private static final String[] SELECTORS = {
    "cheapest", "best", "fastest", "idlest", "any", "local", "hosted"
  };

  private static String list(Random random, int depth) {
    List<String> items = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      items.add(item(random, depth));
    }
    return String.join(", ", items);
  }

  private static String item(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(4);
    if (kind == 1) {
      return "weighted(openai/big: %d, vllm/*: %d, groq/quick: 1)"
          .formatted(1 + random.nextInt(9), 1 + random.nextInt(9));
    }
    if (kind < 2) {
      return ITEMS[random.nextInt(ITEMS.length)];
    }
    String selector = SELECTORS[random.nextInt(SELECTORS.length)];
    String condition = CONDITIONS[random.nextInt(CONDITIONS.length)];
    return switch (random.nextInt(4)) {
      case 0 -> selector;
      case 1 -> "%s(%s)".formatted(selector, condition);
      case 2 -> "%s(%s, %s)".formatted(selector, condition, list(random, depth - 1));
      default -> "%s(%s)".formatted(selector, list(random, depth - 1));
    };
  }

  @Test
  void explainsExactlyWhatItChooses() {
    Random random = new Random(7);
    String[] ids = {"openai/big", "openai/mini", "groq/quick", "vllm/qwen", "sim/echo"};
    for (int round = 0; round < 3000; round++) {
      String id = ids[random.nextInt(ids.length)];
      switch (random.nextInt(4)) {
        case 0 -> catalogue.fails(id, 1);
        case 1 -> catalogue.stream(id, random.nextDouble(), random.nextDouble());
        case 2 -> catalogue.traffic.tryBegin(catalogue.candidate(id), 0);
        default -> catalogue.nanos += random.nextLong(2_000_000_000L);
      }
      Needs needs =
          new Needs(
                  Operation.CHAT,
                  random.nextInt(10_000),
                  random.nextInt(1000),
                  random.nextBoolean(),
                  random.nextBoolean(),
                  random.nextBoolean(),
                  random.nextInt(100),
                  List.of(ModelPattern.ALL))
              .allowing(
                  List.of(
                      new ModelPattern(random.nextBoolean() ? "*" : "openai/*"),
                      new ModelPattern("vllm/qwen")));
      String text = list(random, 3);
      List<Candidate> chosen = TargetList.parse(text).choose(catalogue.directory, needs);
      Explanation explained = catalogue.explain(text, needs);
      assertThat(explained.chosen())
          .as(text)
          .extracting(Candidate::name)
          .containsExactlyElementsOf(chosen.stream().map(Candidate::name).toList());
      Set<ModelName> all = new LinkedHashSet<>();
      chosen.forEach(model -> assertThat(all.add(model.name())).as(text).isTrue());
      explained.leftOut().forEach(model -> assertThat(all.add(model.name())).as(text).isTrue());
    }
  }
}
