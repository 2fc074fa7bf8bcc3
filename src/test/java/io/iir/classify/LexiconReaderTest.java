package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexiconReaderTest {

  private static Classification classify(String cues, String text) {
    Lexicon lexicon = new LexiconReader().readCues("test.txt", cues).lexicon();
    return new Classifier(lexicon).classify(text, RequestShape.PLAIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '\0',
      textBlock =
          """
          sports 1 ask: ball → unknown category 'sports'
          math heavy ask: sum → 'heavy' is not a weight
          math 1 sometimes: sum → unknown place 'sometimes'
          math 1: sum → a line is 'category weight place: cue | cue'
          math 1 ask: sum ~ @nums → unknown group @nums
          math 1 ask: a ||b → an empty cue
          math 1 sign: %purple → unknown sign 'purple'
          math 1 sign: purple → a sign begins with %: 'purple'
          count sheep: one → unknown count 'sheep'
          @words → a group is '@name = word | word'
          just some words → a line is 'category weight place: cue | cue'
          """)
  void namesFileAndLineOfABadLine(String line, String message) {
    assertThatThrownBy(() -> new LexiconReader().readCues("test.txt", "# cues\n\n" + line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test.txt:3: " + message);
  }

  @Test
  void sumsEachLineOnce() {
    String cues = "math 1 any: sum | total\ncoding 1.5 any: loop\n";
    assertThat(classify(cues, "sum total sum loop").category()).isEqualTo(Category.CODING);
    assertThat(classify(cues + "math 1 any: total\n", "sum total sum loop").category())
        .isEqualTo(Category.MATH);
  }

  @Test
  void heedsWholeWordsAndPrefixes() {
    String cues = "math 1 any: add\ntranslation 2 any: translat*\n";
    assertThat(classify(cues, "ADD it").category()).isEqualTo(Category.MATH);
    assertThat(classify(cues, "address it").category()).isEqualTo(Category.SIMPLE_CHAT);
    assertThat(classify(cues, "the translator").category()).isEqualTo(Category.TRANSLATION);
  }

  @Test
  void heedsPlaces() {
    String cues = "polite: please | can you\nmath 1 start: add\ncoding 0.5 any: add\n";
    assertThat(classify(cues, "Please, can you add it").category()).isEqualTo(Category.MATH);
    assertThat(classify(cues, "Fine. Add it").category()).isEqualTo(Category.MATH);
    assertThat(classify(cues, "they add it").category()).isEqualTo(Category.CODING);
    assertThat(classify("math 1 ask: add", "he said \"add it\"").category())
        .isEqualTo(Category.SIMPLE_CHAT);
  }

  @Test
  void givesAFirstSideToItsNearestSecondSide() {
    String cues =
        """
        @make = write | create
        @piece = poem | poems
        coding 1 ask: @make ~ program
        creative_writing 2 ask: @make ~ @piece
        """;
    assertThat(classify(cues, "write a program that writes poems").category())
        .isEqualTo(Category.CODING);
    assertThat(classify(cues, "create a poem on a program").category())
        .isEqualTo(Category.CREATIVE_WRITING);
    assertThat(classify(cues, "write. a program").category()).isEqualTo(Category.SIMPLE_CHAT);
    assertThat(classify(cues, "write a b c d e f g h i program").category())
        .isEqualTo(Category.SIMPLE_CHAT);
  }

  @Test
  void readsNumbersAndEscapes() {
    String cues = "math 1 ask: # \\* #\ncoding 1 ask: c\\#\n";
    assertThat(classify(cues, "12 * 3.5").category()).isEqualTo(Category.MATH);
    assertThat(classify(cues, "in C# today").category()).isEqualTo(Category.CODING);
  }

  @Test
  void continuesALineAndNamesItsFirst() {
    assertThat(classify("math 1 ask: sum |\n  total\n", "total").category())
        .isEqualTo(Category.MATH);
    assertThatThrownBy(
            () -> new LexiconReader().readCues("test.txt", "\nmath 1 ask: sum |\n  |\n#\n"))
        .hasMessage("test.txt:2: an empty cue");
    assertThatThrownBy(() -> new LexiconReader().readCues("test.txt", "  total"))
        .hasMessageEndingWith(": nothing to continue");
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThatThrownBy(() -> new LexiconReader().readCues("classify/none.txt"))
        .hasMessage("classify/none.txt is not on the class path");
  }
}
