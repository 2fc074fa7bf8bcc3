package io.iir.throttle.shared;

import io.iir.redis.RedisScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * The scripts under {@code redis/}; each says itself what it takes and answers.
 *
 * @param join tells the generation of what Redis keeps
 * @param acquire takes from all quotas or from none
 * @param settle ends a grant
 * @param merge adds what was taken while Redis was away
 */
record Scripts(RedisScript join, RedisScript acquire, RedisScript settle, RedisScript merge) {

  /** The scripts as they are shipped. */
  static Scripts shipped() {
    return of(UnaryOperator.identity());
  }

  /** The scripts with their texts changed. */
  static Scripts of(UnaryOperator<String> change) {
    return new Scripts(
        read("join", change),
        read("acquire", change),
        read("settle", change),
        read("merge", change));
  }

  private static RedisScript read(String name, UnaryOperator<String> change) {
    try (InputStream in = Scripts.class.getResourceAsStream("/redis/" + name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("the script redis/" + name + ".lua is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new RedisScript("limits-" + name, change.apply(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
