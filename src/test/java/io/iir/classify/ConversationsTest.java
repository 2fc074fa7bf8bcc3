package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ChatRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Measures what the system prompt and the turn before add. The weights were fitted on every other
 * conversation of each file, from the first on; the floors are for those between.
 */
class ConversationsTest {

  private static final Path FOLDER = Path.of("src/train/conversations");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<Told> all;

  /** A conversation, and whether it was told right by its last turn and with what came before. */
  private record Told(String file, boolean heldBack, boolean byLastTurn, boolean withContext) {}

  @BeforeAll
  static void tell() throws IOException {
    Classifier alone = new Classifier(ModelFile.shipped(), Context.NONE);
    Classifier whole = new Classifier(ModelFile.shipped());
    all = new ArrayList<>();
    for (String file : List.of("system", "turns")) {
      int line = 0;
      for (String text : Files.readAllLines(FOLDER.resolve(file + ".jsonl"))) {
        JsonNode row = JSON.readTree(text);
        Category label = Objects.requireNonNull(Category.ofText(row.path("category").asText()));
        ObjectNode body = JSON.createObjectNode().put("model", "auto");
        body.set("messages", row.path("messages"));
        ChatRequest request = ChatRequest.parse(JSON.writeValueAsBytes(body));
        Turns turns = new Turns(request.text(), request.previousText(), request.systemText());
        all.add(
            new Told(
                file,
                line++ % 2 == 1,
                alone.classify(turns, RequestShape.PLAIN).category() == label,
                whole.classify(turns, RequestShape.PLAIN).category() == label));
      }
    }
  }

  private static double share(Predicate<Told> subset, Predicate<Told> right) {
    List<Told> some = all.stream().filter(subset).toList();
    return (double) some.stream().filter(right).count() / some.size();
  }

  @Test
  void contextTellsWhatTheLastTurnDoesNot() {
    System.out.println("| conversations | last turn alone | with context |\n|---|---|---|");
    for (boolean heldBack : new boolean[] {false, true}) {
      for (String file : List.of("system", "turns")) {
        Predicate<Told> subset = one -> one.heldBack() == heldBack && one.file().equals(file);
        System.out.printf(
            "| %s, %s (%d) | %.3f | %.3f |%n",
            file,
            heldBack ? "held back" : "fitted",
            all.stream().filter(subset).count(),
            share(subset, Told::byLastTurn),
            share(subset, Told::withContext));
      }
    }
    double alone = share(Told::heldBack, Told::byLastTurn);
    double whole = share(Told::heldBack, Told::withContext);
    System.out.printf("| all held back | %.3f | %.3f |%n", alone, whole);
    assertThat(whole).isGreaterThan(0.7).isGreaterThan(alone + 0.2);
  }

  @Test
  void aLastTurnThatIsClearKeepsItsCategory() {
    Classifier classifier = new Classifier(ModelFile.shipped());
    String clear = "Translate to German: Where is the next station, and when does the train leave?";
    assertThat(
            classifier
                .classify(
                    new Turns(clear, "Write a poem about recursion.", "You are a poet."),
                    RequestShape.PLAIN)
                .category())
        .isEqualTo(Category.TRANSLATION);
  }

  @Test
  void whereNothingIsSaidLastTheRestDecides() {
    Classifier classifier = new Classifier(ModelFile.shipped());
    assertThat(
            classifier
                .classify(
                    new Turns("", "Write a Python function that sorts a list.", ""),
                    RequestShape.PLAIN)
                .category())
        .isEqualTo(Category.CODING);
  }
}
