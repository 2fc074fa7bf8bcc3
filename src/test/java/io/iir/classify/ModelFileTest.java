package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

  private static final byte[] SECTION = {1, 2, 3};

  @TempDir Path folder;

  private static byte[] bytes() {
    ObjectNode header = new ObjectMapper().createObjectNode().put("trained", "on nothing");
    return ModelFile.bytes(header, Map.of("numbers", SECTION));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("some.iir"), bytes);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    ModelFile file = ModelFile.open(file(bytes()));
    assertThat(file.header().path("trained").asText()).isEqualTo("on nothing");
    assertThat(file.section("numbers", 3).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(SECTION);
    assertThat(file.version()).matches("1-[0-9a-f]{8}");
    assertThat(ModelFile.open(file(bytes())).version()).isEqualTo(file.version());
  }

  @Test
  void namesAMissingFile() {
    Path missing = folder.resolve("missing.iir");
    assertThatThrownBy(() -> ModelFile.open(missing))
        .isInstanceOf(BadModelException.class)
        .hasMessageMatching("There is no classifier .*missing.iir[.]");
  }

  @Test
  void refusesEveryDamage() throws IOException {
    byte[] whole = bytes();
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Path file = file(damaged);
      assertThatIllegalArgumentException()
          .as("byte %d", i)
          .isThrownBy(() -> ModelFile.open(file))
          .withMessageContaining("some.iir");
    }
    for (int length = 0; length < whole.length; length++) {
      Path file = file(Arrays.copyOf(whole, length));
      assertThatIllegalArgumentException()
          .as("%d bytes", length)
          .isThrownBy(() -> ModelFile.open(file));
    }
  }

  @Test
  void refusesASectionThatIsNotThereOrOfAnotherLength() throws IOException {
    ModelFile file = ModelFile.open(file(bytes()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> file.section("numbers", 4))
        .withMessageContaining("no section numbers of 4 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> file.section("letters", 3))
        .withMessageContaining("no section letters of 3 bytes");
  }

  @Test
  void refusesAModelOfOtherCategories() throws IOException {
    ModelFile file = ModelFile.open(file(bytes()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Classifier(file))
        .withMessageContaining("tells []");
  }

  @Test
  void putsTheShippedOneIntoAFolderOnceAndAnewWhereItIsDamaged() throws IOException {
    String version = ModelFile.shipped().version();
    Path classifiers = folder.resolve("classifier");
    assertThat(ModelFile.shipped(classifiers).version()).isEqualTo(version);
    Path file = classifiers.resolve(version + ".iir");
    assertThat(classifiers).isDirectoryContaining(file::equals);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThat(ModelFile.shipped(classifiers).version()).isEqualTo(version);
    assertThat(file).hasBinaryContent(whole);
  }
}
