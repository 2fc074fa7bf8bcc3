package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.BadModelException.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the classifier's file is, requests are classified. */
class ClassifierFileTest {

  private static final String QUESTION = "Write a Python function that merges two sorted lists.";
  private static final int LAYOUT = 8;

  @TempDir Path folder;
  private Path kept;
  private Path file;
  private byte[] whole;

  /** What is wrong with a file. */
  @SuppressWarnings("ArrayRecordComponent")
  record Broken(String name, byte[] bytes, Fault fault) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeEach
  void writeFile() throws IOException {
    kept = folder.resolve("kept");
    file = folder.resolve("own.iir");
    whole = shipped();
    Files.write(file, whole);
  }

  private static byte[] shipped() throws IOException {
    try (InputStream in = ModelFile.class.getResourceAsStream("/classify/shipped.iir")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  static List<Broken> broken() throws IOException {
    byte[] whole = shipped();
    byte[] bent = whole.clone();
    bent[whole.length / 2] ^= 1;
    byte[] later = whole.clone();
    later[LAYOUT] = 9;
    ObjectNode header = new ObjectMapper().createObjectNode();
    header.put("step", 0.1).put("temperature", 1).putArray("categories").add("poetry");
    ObjectNode cold = new ObjectMapper().createObjectNode();
    cold.put("step", 0.1).put("temperature", 0).put("features", FeatureKind.current());
    Category.OF_TEXT.forEach(one -> cold.withArray("categories").add(one.wireName()));
    ObjectNode other = cold.deepCopy().put("temperature", 1).put("features", "000000000000");
    byte[] random = new byte[100_000];
    new Random(1).nextBytes(random);
    return List.of(
        new Broken("empty", new byte[0], Fault.FOREIGN),
        new Broken(
            "a text", "not a model".repeat(99).getBytes(StandardCharsets.UTF_8), Fault.FOREIGN),
        new Broken("random bytes", random, Fault.FOREIGN),
        new Broken("only the beginning", cut(whole, 16), Fault.FOREIGN),
        new Broken("one byte short", cut(whole, whole.length - 1), Fault.DAMAGED),
        new Broken("half", cut(whole, whole.length / 2), Fault.DAMAGED),
        new Broken("one bit", bent, Fault.DAMAGED),
        new Broken("a later layout", later, Fault.INCOMPATIBLE),
        new Broken("other categories", ModelFile.bytes(header, Map.of()), Fault.INCOMPATIBLE),
        new Broken("other cues", ModelFile.bytes(other, Map.of()), Fault.INCOMPATIBLE),
        new Broken("no temperature", ModelFile.bytes(cold, Map.of()), Fault.INCOMPATIBLE));
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void rulesDecideWhereTheFileCannotBeUsed(Broken broken) throws IOException {
    Files.write(file, broken.bytes());
    Classifier classifier = Classifier.load(file, kept);
    assertThat(problem(classifier).fault()).isEqualTo(broken.fault());
    assertThat(problem(classifier)).hasMessageMatching("(?s).*[.]$");
    decidesByRules(classifier);
  }

  @Test
  void rulesDecideWhereThereIsNoFile() {
    Classifier classifier = Classifier.load(folder.resolve("none.iir"), kept);
    assertThat(problem(classifier).fault()).isEqualTo(Fault.MISSING);
    assertThat(problem(classifier)).hasMessageContaining("none.iir");
    decidesByRules(classifier);
  }

  @Test
  void aFolderIsNoFile() {
    Classifier classifier = Classifier.load(folder, kept);
    assertThat(problem(classifier).fault()).isEqualTo(Fault.FOREIGN);
    decidesByRules(classifier);
  }

  @Test
  void aHeaderThatLiesIsRefused() {
    byte[] lies = ModelFile.bytes(new ObjectMapper().createObjectNode(), Map.of("x", new byte[9]));
    String text = new String(lies, StandardCharsets.ISO_8859_1);
    byte[] longer =
        text.replace("\"length\":9", "\"length\":999999").getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> ModelFile.open(Files.write(file, longer)))
        .isInstanceOf(BadModelException.class);
  }

  @Test
  void theOwnFileMayBeCutAndDeletedWhileItIsUsed() throws IOException {
    Classifier classifier = Classifier.load(file, kept);
    Classification before = classifier.classify(QUESTION, RequestShape.PLAIN);
    assertThat(before.stage()).isEqualTo(1);
    Files.write(file, new byte[0]);
    assertThat(classifier.classify(QUESTION, RequestShape.PLAIN)).isEqualTo(before);
    Files.delete(file);
    assertThat(classifier.classify(QUESTION, RequestShape.PLAIN)).isEqualTo(before);
    assertThat(classifier.problem()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30_000})
  void aCopyThatIsCutWhileItIsUsedFailsNoRequest(int before) throws IOException {
    Classifier classifier = Classifier.load(file, kept);
    for (int i = 0; i < before; i++) { // as often as it takes to be compiled
      assertThat(classifier.classify(QUESTION, RequestShape.PLAIN).stage()).isEqualTo(1);
    }
    try (RandomAccessFile copy = new RandomAccessFile(copy().toFile(), "rw")) {
      copy.setLength(0);
    }
    for (int i = 0; i < 100; i++) {
      classifier.classify(QUESTION, RequestShape.PLAIN);
    }
    assertThat(problem(classifier).fault()).isEqualTo(Fault.LOST);
    decidesByRules(classifier);
  }

  @Test
  void aCopyThatIsNotTheFileIsWrittenAnew() throws IOException {
    Classifier.load(file, kept);
    Files.write(copy(), new byte[] {1, 2, 3});
    Classifier classifier = Classifier.load(file, kept);
    assertThat(classifier.problem()).isNull();
    assertThat(copy()).hasBinaryContent(whole);
  }

  @Test
  void nothingButTheCopyIsLeftInTheFolder() throws IOException {
    Classifier.load(file, kept);
    Classifier.load(null, kept);
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void whereNothingCanBeWrittenItIsHeldInMemory() throws IOException {
    Files.write(kept, new byte[0]); // a file where the folder should be
    for (Path own : new Path[] {file, null}) {
      Classifier classifier = Classifier.load(own, kept);
      assertThat(classifier.problem()).isNull();
      assertThat(classifier.classify(QUESTION, RequestShape.PLAIN).stage()).isEqualTo(1);
    }
  }

  private Path copy() throws IOException {
    try (Stream<Path> files = Files.list(kept)) {
      return files.findFirst().orElseThrow();
    }
  }

  private static BadModelException problem(Classifier classifier) {
    return Objects.requireNonNull(classifier.problem());
  }

  private static void decidesByRules(Classifier classifier) {
    Classification told = classifier.classify(QUESTION, RequestShape.PLAIN);
    assertThat(told.category()).isEqualTo(Category.CODING);
    assertThat(told.stage()).isZero();
    assertThat(told.version()).isEqualTo(Classification.RULES);
    assertThat(classifier.version()).isEqualTo(Classification.RULES);
  }
}
