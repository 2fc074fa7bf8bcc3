package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LettersTest {

  private static double translationScore(String cue, String text) {
    Lexicon lexicon = new LexiconReader().readCues("test", "translation 2 any: " + cue).lexicon();
    Excerpt excerpt = new Excerpt();
    Evidence evidence = new Evidence(lexicon, excerpt);
    excerpt.read(text);
    evidence.find();
    return evidence.scores[Category.OF_TEXT.indexOf(Category.TRANSLATION)];
  }

  @ParameterizedTest
  @CsvSource({
    "إلى العربية, الى العربيه",
    "ترجمة, تَرْجَمَة",
    "می‌خواهم, ميخواهم",
    "अंग्रेज़ी, अंग्रेजी",
    "cómo se dice, como se dice",
    "przetłumacz, przetlumacz",
    "cümlesini çevir, cumlesini cevir",
    "Übersetzung, ÜBERSETZUNG"
  })
  void findsACueHoweverItIsTyped(String cue, String text) {
    assertThat(translationScore(cue, text)).isEqualTo(2);
    assertThat(translationScore(cue, cue)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"dịch, dich", "tạo bài thơ, tao bai tho", "été, ete", "détermine*, determined"})
  void keepsAccentsThatTellLanguagesApart(String cue, String text) {
    assertThat(translationScore(cue, text)).isZero();
    assertThat(translationScore(cue, cue.replace("*", ""))).isEqualTo(2);
  }

  @Test
  void readsNothingInvisible() {
    assertThat(new Excerpt().read("a\u200Bb\uFEFF").length).isEqualTo(2);
  }
}
