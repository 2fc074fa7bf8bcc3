package io.iir.classify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Which {@link Features} texts have in this gateway. A model that was trained on others would
 * answer, but wrongly; so its file says which it was trained on.
 */
public final class FeatureKind {

  /**
   * To be raised when the code changes by which a text gets other features: {@link Features},
   * {@link DenseFeatures}, {@link Excerpt}, {@link Letters}, {@link Evidence}, {@link Signs}.
   */
  private static final int CODE = 2;

  private static final List<String> WORDS =
      List.of("/classify/cues.txt", "/classify/languages.txt");

  private FeatureKind() {}

  /** Another for every change of the words that are looked for, or of how texts are read. */
  public static String current() {
    MessageDigest digest = sha256();
    digest.update(
        "%d %d %d"
            .formatted(CODE, Features.BITS, Excerpt.CAPACITY)
            .getBytes(StandardCharsets.UTF_8));
    for (String file : WORDS) {
      try (InputStream in = FeatureKind.class.getResourceAsStream(file)) {
        digest.update(Objects.requireNonNull(in, file).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 6);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
