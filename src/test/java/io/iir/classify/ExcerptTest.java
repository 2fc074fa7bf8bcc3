package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a text is told beside its letters: lines, items, colons, quotations, sentences. */
class ExcerptTest {

  /** Used again, as the classifier does. */
  private final Excerpt excerpt = new Excerpt();

  private Excerpt read(String text) {
    return excerpt.read(text.replace("\\n", "\n"));
  }

  private String even() {
    return new String(excerpt.chars, 0, excerpt.length);
  }

  private String quoted() {
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < excerpt.length; i++) {
      quoted.append(excerpt.quoted(i) ? excerpt.chars[i] : '_');
    }
    return quoted.toString().replaceAll("_+", "_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          Two  Words \\n\\n MORE | two words more
          in 1,204.50 days. 7 | in 0 days. 0
          don’t ‘go’ | don't 'go'
          ÄRGER Ёж ٣٫٤ | ärger ёж 0٫0
          a\u200Bb\uFEFF | ab
          """)
  void isEven(String text, String wanted) {
    read(text);
    assertThat(even()).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      textBlock =
          """
          - one\\n- two\\n* three\\n• four; 4
          1. one\\n22) two; 2
          one - two * three; 0
          -\\n*\\n-a; 0
          - a; 1
            - indented; 1
          text\\n - one\\n\\n - two; 2
          """)
  void countsItems(String text, int items) {
    assertThat(read(text).items).isEqualTo(items);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      textBlock =
          """
          Sum up:; true; false
          Sum up：\\ntext; true; false
          Sum up: \\n text; true; false
          Sum up: text; false; true
          at 10:30 sharp; false; true
          a: b:; true; true
          a:\\nb: c; true; true
          no colon; false; false
          """)
  void tellsColonsInsideLinesFromThoseAtTheirEnds(String text, boolean block, boolean inside) {
    read(text);
    assertThat(excerpt.colonBlock).isEqualTo(block);
    assertThat(excerpt.colon).isEqualTo(inside);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      textBlock =
          """
          | a | b |\\n| c | d |\\nend; 2
          a,b,c,d\\ne,f,g,h; 2
          a,b,c\\n|; 0
          一，二，三，四; 1
          """)
  void countsRows(String text, int rows) {
    assertThat(read(text).rows).isEqualTo(rows);
  }

  @Test
  void aLongLineWithCommasIsNoRow() {
    assertThat(read("one, two, three, four ".repeat(8)).rows).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      textBlock =
          """
          Why?\\nBecause.; true; false
          \\n\\n Why? \\nBecause; true; false
          Because.\\nWhy?; false; true
          He asked "why?"; false; true
          为什么？; true; true
          لماذا؟; true; true
          Because.; false; false
          """)
  void tellsWhereAQuestionStands(String text, boolean first, boolean end) {
    read(text);
    assertThat(excerpt.firstLineAsks).isEqualTo(first);
    assertThat(excerpt.endsAsking).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      textBlock =
          """
          say "so it is" now; _so it is_
          say “so” and «so» and „so“ and 「so」; _so_so_so_so_
          it's the dogs' bowl; _
          he said 'it's here' again; _it's here_
          say "so; _
          say ""; _
          a 5" pipe and a 6" pipe; _
          say "one" and "two" then; _one_two_
          say "One." and "Two." then; _one._two._
          "one" and "two" then; _two_
          run ```x = 1``` now; _``x = 0_
          run ```x``` now ```y``` end; _``x_``y_
          run ```x = 1; _``x = 0
          """)
  void tellsWhatIsQuoted(String text, String wanted) {
    read(text);
    assertThat(quoted()).isEqualTo(wanted);
    assertThat(excerpt.quotedCount).isEqualTo(wanted.replace("_", "").length());
  }

  @Test
  void aQuotationMarkThatNeverClosesQuotesNothingAndIsSoughtOnce() {
    read("\" ".repeat(3) + "« ".repeat(200));
    assertThat(excerpt.quotedCount).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      textBlock =
          """
          One. Two! Three? Four; 4
          Version 1.2 of a.b; 1
          一。二！三？四; 4
          One\\ntwo\\n\\nthree; 3
          क। ख; 2
          """)
  void countsSentences(String text, int sentences) {
    assertThat(read(text).lastSentence()).isEqualTo(sentences);
  }

  @Test
  void measuresDistanceInWordsAndCharacters() {
    read("one two, 345 六七 eight");
    assertThat(excerpt.unit(0)).isEqualTo(3);
    assertThat(excerpt.unit(4)).isEqualTo(6);
    assertThat(excerpt.unit(9)).isEqualTo(9);
    assertThat(excerpt.unit(11)).isEqualTo(10);
    assertThat(excerpt.unit(12)).isEqualTo(11);
    assertThat(excerpt.unit(excerpt.length - 1)).isEqualTo(14);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 1_000_000})
  void readsThreePartsOfALongText(int more) {
    String text = "x".repeat(Excerpt.CAPACITY + more);
    assertThat(read(text).length).isEqualTo(Math.min(text.length(), Excerpt.CAPACITY));
    assertThat(even().chars().filter(c -> c == ' ').count()).isEqualTo(more > 0 ? 2 : 0);
    assertThat(excerpt.lastSentence()).isEqualTo(more > 0 ? 3 : 1);
  }

  @Test
  void forgetsWhatItReadBefore() {
    read("- \"a\": b?\n- $x$ | c | d:\n".repeat(9));
    read("plain");
    assertThat(excerpt)
        .returns(5, e -> e.length)
        .returns(0, e -> e.items)
        .returns(0, e -> e.rows)
        .returns(0, e -> e.quotedCount)
        .returns(0, e -> e.questionMarks)
        .returns(0, e -> e.dollars)
        .returns(false, e -> e.colon)
        .returns(false, e -> e.colonBlock)
        .returns(false, e -> e.endsAsking)
        .returns(5, e -> e.letters)
        .returns(1, Excerpt::lastSentence);
  }
}
