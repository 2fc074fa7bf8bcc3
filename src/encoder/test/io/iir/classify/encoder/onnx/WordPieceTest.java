package io.iir.classify.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens as BERT's own tokenizer makes them. */
@Tag("encoder")
class WordPieceTest {

  private static WordPiece read() throws IOException {
    try (InputStream json =
        WordPieceTest.class.getResourceAsStream("/e5-small-v2-q-tokenizer.json")) {
      return WordPiece.read(json);
    }
  }

  @Test
  void splitsWordsIntoTheLongestPieces() throws IOException {
    assertThat(read().tokens("Hello, unaffable World!", 40, 24))
        .containsExactly(101, 7592, 1010, 14477, 20961, 3468, 2088, 999, 102);
  }

  @Test
  void dropsAccentsAndSeparatesHanCharacters() throws IOException {
    WordPiece wordPiece = read();
    assertThat(wordPiece.tokens("CAFÉ\u0000", 40, 24)).isEqualTo(wordPiece.tokens("cafe", 40, 24));
    assertThat(wordPiece.tokens("中国", 40, 24)).isEqualTo(wordPiece.tokens("中 国", 40, 24));
  }

  @Test
  void readsTheStartAndTheEndOfALongText() throws IOException {
    WordPiece wordPiece = read();
    String text = "hello ".repeat(3_000) + "world ".repeat(3_000);
    assertThat(wordPiece.tokens(text, 3, 2))
        .containsExactly(101, 7592, 7592, 7592, 2088, 2088, 102);
    assertThat(wordPiece.tokens("hello world", 3, 2)).containsExactly(101, 7592, 2088, 102);
    assertThat(wordPiece.tokens("hello hello hello world", 3, 2))
        .containsExactly(101, 7592, 7592, 7592, 2088, 102);
  }

  @Test
  void aWordThatIsNotInTheVocabularyIsUnknown() {
    WordPiece small =
        new WordPiece(Map.of("[CLS]", 0, "[SEP]", 1, "[UNK]", 2, "to", 3, "##day", 4));
    assertThat(small.tokens("today tomorrow " + "today".repeat(30), 9, 9))
        .containsExactly(0, 3, 4, 2, 2, 1);
    assertThat(small.tokens("", 9, 9)).containsExactly(0, 1);
  }

  @Test
  void needsItsMarks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WordPiece(Map.of("to", 3)))
        .withMessage("The vocabulary has no [CLS].");
  }
}
