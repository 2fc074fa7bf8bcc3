package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComplexityModelTest {

  private static final ModelFile SHIPPED = ModelFile.shipped();
  private static final Classifier CLASSIFIER = new Classifier(SHIPPED);
  private static final String EXAM =
      "Which planet is the largest?\nA. Mars\nB. Jupiter\nC. Venus\nD. Earth\nAnswer:";

  private static double of(String text) {
    return of(text, RequestShape.PLAIN);
  }

  private static double of(String text, RequestShape shape) {
    return CLASSIFIER.classify(text, shape).complexity();
  }

  /** The shipped classifier with only the named sections, whose names begin so. */
  private static ModelFile with(boolean header, List<String> beginnings) {
    ObjectNode copy = SHIPPED.header().deepCopy();
    Map<String, byte[]> sections = new LinkedHashMap<>();
    SHIPPED
        .header()
        .path("sections")
        .forEach(place -> {
          String name = place.path("name").asText();
          if (beginnings.stream().anyMatch(name::startsWith)) {
            long length = place.path("length").asLong();
            sections.put(name, SHIPPED.section(name, length).toArray(ValueLayout.JAVA_BYTE));
          }
        });
    if (!header) {
      copy.remove(ComplexityModel.HEADER);
    }
    return ModelFile.of(ModelFile.bytes(copy, sections));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          hi there | What is the capital of France?
          What is the capital of France? | Write an essay on the advantages and disadvantages of remote work.
          Write an essay on the advantages and disadvantages of remote work. | Prove that there are infinitely many primes of the form 4k + 3, and justify each step.
          Who painted the Sistine Chapel? | Three boxes are labelled apples, oranges and mixed, and every label is wrong. You may draw one fruit from one box. From which box, and how do you label all three?
          thanks, that was helpful! | Explain how a transistor works.
          Explain how a transistor works. | Write a Python script that reads a text file line by line and counts how often each word occurs.
          Draft a short birthday card for my aunt. | A bag holds 4 red and 6 blue balls. Two are drawn without putting back. What is the probability that both are red?
          Write a function that adds two numbers. | Refactor this service into an event-driven architecture: write the code of the outbox table, the relay and the consumer with idempotency, add tests, and discuss failure modes step by step.
          What is 2 + 2? | Let G be a finite group in which every element has order at most 2. Show that G is abelian, and determine its possible orders with proof.
          Translate to French: hello | Translate to French, without idioms, and ensure that each term of law is exact: The tenant shall pay.
          你好 | 请证明根号2是无理数，要求步骤详细，至少给出两种方法。
          Guten Morgen | Beweise, dass die Wurzel aus 2 irrational ist, und begründe jeden Schritt.
          """)
  void isHigherForTheHarderPrompt(String easier, String harder) {
    assertThat(of(harder)).isGreaterThan(of(easier));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hi", "thanks a lot", "Who painted the Sistine Chapel?", "你好", "bonjour"})
  void staysBelowWhatRulesCallHardForWhatIsEasy(String text) {
    assertThat(of(text)).isLessThan(0.2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "A. B. C. D. Answer:",
        "?",
        "```",
        "\uD83D",
        "\nA. x\nB. y\nC. z\nAnswer:",
        "prove prove prove"
      })
  void isAShareForAnyText(String text) {
    assertThat(of(text)).isBetween(0.0, 1.0);
    assertThat(of(text.repeat(10_000))).isBetween(0.0, 1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"List three fruits.", EXAM})
  void growsWithTheConversationAndJsonMode(String text) {
    double plain = of(text);
    assertThat(of(text, new RequestShape(false, false, true, 1, 0))).isGreaterThan(plain);
    assertThat(of(text, new RequestShape(false, false, false, 9, 0))).isGreaterThan(plain);
  }

  @Test
  void growsWithThePrompt() {
    String text = "List three fruits.";
    assertThat(of(text, new RequestShape(false, false, false, 1, 9_000))).isGreaterThan(of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hi", "Prove that the square root of 2 is irrational.", EXAM})
  void isTheFormulaWhereTheShapeDecides(String text) {
    RequestShape tools = new RequestShape(true, false, false, 1, 0);
    assertThat(of(text, tools)).isEqualTo(new Classifier().classify(text, tools).complexity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hi", "Prove that the square root of 2 is irrational.", EXAM})
  void isTheFormulaWhereTheFileHasNoModelOfIt(String text) {
    Classification found =
        new Classifier(with(false, List.of("category."))).classify(text, RequestShape.PLAIN);
    assertThat(found.stage()).isEqualTo(1);
    Features features = new Features();
    features.readCues(text);
    assertThat(found.complexity())
        .isEqualTo(
            Complexity.of(
                found.category(),
                text.length(),
                features.excerpt(),
                features.evidence().counts,
                RequestShape.PLAIN));
  }

  @Test
  void isRefusedInPart() {
    ModelFile part = with(true, List.of("category.", "complexity.choice"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Classifier(part))
        .withMessageContaining("no section complexity.open of %d bytes", Features.BUCKETS);
  }

  @Test
  void tellsQuestionsWithAnswersToChooseFrom() {
    Features features = new Features();
    features.read(EXAM);
    assertThat(features.offersAnswers()).isTrue();
    features.read("Which planet is the largest?\nD. " + "a long answer ".repeat(40) + "\nAnswer:");
    assertThat(features.offersAnswers()).isTrue();
    features.read("Question: which planet is the largest?\nAnswer:");
    assertThat(features.offersAnswers()).isFalse();
    features.read("");
    assertThat(features.offersAnswers()).isFalse();
  }
}
