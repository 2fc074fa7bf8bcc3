package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

  private static final Classifier CLASSIFIER = new Classifier();

  private static Classification classify(String text) {
    return CLASSIFIER.classify(text, RequestShape.PLAIN);
  }

  private static String categoryOf(String text) {
    return classify(text).category().wireName();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          simple_chat      | good morning!
          simple_chat      | Thanks a lot, that helped
          simple_chat      | who built you?
          simple_chat      | Tell me a joke
          simple_chat      | ok
          general_chat     | What is the capital of Portugal?
          general_chat     | Can you recommend a good hiking trail near Vienna?
          general_chat     | Why do leaves turn red in autumn?
          general_chat     | Explain how vaccines work.
          coding           | Write a Python function that merges two sorted lists.
          coding           | Why does this code throw a NullPointerException? String s = null; s.length();
          coding           | Create a Dockerfile for a Node.js app with nginx in front
          coding           | Convert this SQL query to a MongoDB aggregation: SELECT name FROM users WHERE age > 30
          analysis         | Classify the following tweet as happy or angry: "The train is late again."
          analysis         | Compare these two contracts and list what differs.
          analysis         | All bloops are razzies. All razzies are lazzies. Are all bloops lazzies?
          analysis         | Extract all names and dates from the text: Ada was born in 1815, Alan in 1912.
          creative_writing | Write a short story about a lighthouse keeper who befriends a whale.
          creative_writing | Compose a haiku on autumn rain
          creative_writing | Draft a cover letter for a job as a gardener
          creative_writing | You are a pirate captain. Describe your ship to a new sailor.
          summarization    | Summarize this article in three bullet points: The council met on Monday and voted.
          summarization    | tl;dr please: the meeting was long and nothing was decided
          translation      | Translate to German: The weather is nice today.
          translation      | How do you say thank you in Korean?
          translation      | what's the French word for butterfly
          math             | What is 17 * 23?
          math             | Solve for x: 3x + 7 = 22
          math             | A train covers 120 km in 2 hours. How many km does it cover in 5 hours?
          math             | Prove that the square root of 2 is irrational.
          """)
  void tellsWhatIsAskedFor(String category, String text) {
    assertThat(categoryOf(text)).isEqualTo(category);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          creative_writing | Write a poem about recursion in Python
          creative_writing | Compose a song about a database that lost its index
          creative_writing | Write a story about a translator who forgets English
          coding           | Write a program that prints a story from a list of words
          coding           | Port this Java class to Kotlin: class A { int x; }
          summarization    | Summarize what this function does: def add(a, b): return a + b
          translation      | Translate "write a function that sorts a list" into Spanish
          math             | A poem has 14 lines of 10 syllables each. How many syllables in total?
          general_chat     | Who invented the Python programming language?
          """)
  void isNotMisledByWhatTheTextContains(String category, String text) {
    assertThat(categoryOf(text)).isEqualTo(category);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          simple_chat      | zh | 你好
          simple_chat      | de | Guten Morgen, wie geht es dir?
          simple_chat      | es | Hola, ¿cómo estás?
          simple_chat      | fr | Bonjour, comment ça va ?
          creative_writing | zh | 请写一首关于秋天的诗
          creative_writing | ru | Напиши рассказ о старом маяке
          creative_writing | es | Escribe un poema sobre el mar
          creative_writing | de | Schreibe ein Gedicht über den Herbst
          coding           | zh | 用Python编写一个函数，返回列表中的最大值
          coding           | fr | Écris une fonction Python qui trie une liste de nombres
          translation      | zh | 把下面的句子翻译成英文：今天天气很好。
          translation      | de | Bitte ins Englische übersetzen: Das Wetter ist heute schön.
          summarization    | zh | 请总结以下内容：会议讨论了明年的预算，并决定推迟到下周。
          summarization    | es | Resume el siguiente texto en pocas frases: La reunión fue larga y no se decidió nada.
          math             | zh | 一箱苹果有24个，5箱一共有多少个？
          general_chat     | zh | 为什么天空是蓝色的？
          general_chat     | ru | Что такое фотосинтез и почему он важен для растений?
          """)
  void readsSeveralLanguages(String category, String language, String text) {
    assertThat(categoryOf(text)).isEqualTo(category);
    assertThat(classify(text).language()).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          en | What is the best way to learn the piano?
          ja | 東京の人口はどのくらいですか
          ko | 서울에서 가볼 만한 곳을 알려주세요
          ar | ما هي عاصمة المغرب
          hi | भारत की राजधानी क्या है
          pt | Qual é a melhor maneira de aprender piano em casa?
          it | Qual è il modo migliore per imparare la chitarra?
          uk | Що таке фотосинтез і як він працює
          xx | qwfp zxcv
          xx | 12345
          """)
  void tellsTheLanguage(String language, String text) {
    assertThat(classify(text).language()).isEqualTo(language);
  }

  @Test
  void letsTheShapeDecideFirst() {
    String text = "Translate to German: hello";
    assertThat(CLASSIFIER.classify(text, new RequestShape(true, true, false, 1, 40_000)))
        .returns(Category.VISION, Classification::category)
        .returns(1.0, Classification::confidence);
    assertThat(
            CLASSIFIER.classify(text, new RequestShape(true, false, false, 1, 40_000)).category())
        .isEqualTo(Category.FUNCTION_CALLING);
    assertThat(
            CLASSIFIER.classify(text, new RequestShape(false, false, false, 1, 32_001)).category())
        .isEqualTo(Category.LONG_CONTEXT);
    assertThat(
            CLASSIFIER.classify(text, new RequestShape(false, false, false, 1, 32_000)).category())
        .isEqualTo(Category.TRANSLATION);
  }

  @Test
  void refusesNegativeSizes() {
    assertThatThrownBy(() -> new RequestShape(false, false, false, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RequestShape(false, false, false, 0, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n\n\t",
        "👋",
        "😀😃😄",
        "\uD83D",
        "\uDC4B hi",
        "a\uD800",
        "\u0000",
        "?",
        "```",
        "\"",
        "'",
        "'''''",
        "| | |",
        "~",
        "*",
        "#",
        "𝒳 = 𝒴",
        "\u202Ehello",
        "\uFFFF\uFFFE"
      })
  void takesAnyText(String text) {
    Classification classification = classify(text);
    assertThat(classification.complexity()).isBetween(0.0, 1.0);
    assertThat(classification.confidence()).isBetween(0.0, 1.0);
    assertThat(classification.language()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "word ", "« ", "\"", "'a ", "```", "中", "write a ", "?\n", "\uD83D"})
  void looksOnlyAtThreePartsOfAHugeText(String filler) {
    String huge = "Translate this into French:\n" + filler.repeat(1_000_000 / filler.length());
    int middle = (Excerpt.HEAD + huge.length() - Excerpt.TAIL - Excerpt.MIDDLE) / 2;
    StringBuilder likewise = new StringBuilder(huge);
    for (int i = Excerpt.HEAD; i < huge.length() - Excerpt.TAIL; i++) {
      if (i < middle || i >= middle + Excerpt.MIDDLE) {
        likewise.setCharAt(i, '§');
      }
    }
    assertThat(classify(likewise.toString())).isEqualTo(classify(huge));
  }

  @Test
  void findsAnInstructionBehindALongText() {
    String text = "The harbour was quiet that morning and nobody spoke. ".repeat(400);
    assertThat(categoryOf(text + "\n\nSummarize the text above.")).isEqualTo("summarization");
    assertThat(categoryOf(text + "\n\nTranslate the text above into Polish."))
        .isEqualTo("translation");
  }

  @Test
  void isMoreConfidentOfAPlainRequestThanOfAMurkyOne() {
    assertThat(classify("Translate to German: good evening, my friends").confidence())
        .isGreaterThan(0.9)
        .isGreaterThan(classify("the thing with the stuff").confidence());
  }

  @Test
  void answersTheSameFromManyThreads() {
    String text = "Write a Rust program that parses JSON and prints the keys.";
    Classification expected = classify(text);
    ConcurrentLinkedQueue<Classification> answers = new ConcurrentLinkedQueue<>();
    IntStream.range(0, 2_000).parallel().forEach(i -> answers.add(classify(text)));
    assertThat(answers).hasSize(2_000).containsOnly(expected);
  }
}
