package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache, made from the jar that was built as the image's build makes it. */
@Tag("deploy")
class AotCacheIT {

  private static final String MARK = "sk-mark-of-the-operators-environment";

  @TempDir Path temp;

  @Test
  void aGatewayStartsFromTheCacheThatATrainingRunLeft() throws Exception {
    GatewayImage image = GatewayImage.extract(temp.resolve("iir"));
    String said =
        GatewayImage.run(
            temp.resolve("training.log"),
            Map.of("JAVA", image.java().toString(), "OPENAI_API_KEY", MARK),
            List.of("deploy/aot-cache.sh", image.folder().toString(), "10"));
    Path cache = image.folder().resolve("iir.aot");
    assertThat(said).contains("MB, from 100 requests");
    assertThat(cache).isNotEmptyFile();
    assertThat(holds(cache, MARK)).as("the environment is in the cache").isFalse();
    assertThat(holds(cache, "io/iir/IirApplication")).isTrue();

    Path loaded = temp.resolve("loaded.log");
    try (GatewayImage.Running gateway =
        image.start(
            image.entrypoint("-Xlog:class+load:file=" + loaded),
            Map.of(
                "IIR_PORT",
                "0",
                "IIR_MANAGEMENT_PORT",
                "0",
                "IIR_DATA_DIR",
                temp.resolve("data").toString(),
                "IIR_ADMIN_KEY",
                Asked.KEY))) {
      HttpResponse<String> answer = Asked.chat(gateway.port());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
    try (Stream<String> lines = Files.lines(loaded)) {
      Map<Boolean, Long> own =
          lines
              .filter(line -> line.contains(" io.iir.") && !line.contains("Lambda"))
              .collect(
                  Collectors.partitioningBy(
                      line -> line.contains("source: shared objects file"), Collectors.counting()));
      assertThat(own.get(true)).isGreaterThan(300);
      assertThat(own.get(false)).isLessThan(own.get(true) / 5);
    }
  }

  /** Whether {@code file} holds {@code text}, in ASCII. */
  private static boolean holds(Path file, String text) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r");
        FileChannel channel = opened.getChannel()) {
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i <= bytes.capacity() - wanted.length; i++) {
        if (bytes.get(i) == wanted[0]) {
          int at = 0;
          while (at < wanted.length && bytes.get(i + at) == wanted[at]) {
            at++;
          }
          if (at == wanted.length) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
