package io.iir.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A request's fields in one order, for a cache of exact repeats: sorted by name, each as the length
 * of its name, its name, the length of its value, its value's bytes; lengths as four bytes, so that
 * no two lists of fields have one form.
 *
 * <p>Left out are the fields that cannot change what the model says:
 *
 * <ul>
 *   <li>{@code stream}, {@code stream_options}: how the answer travels;
 *   <li>{@code user}, {@code safety_identifier}: who is behind it, for abuse detection;
 *   <li>{@code metadata}, {@code store}: whether and under which tags the provider keeps it;
 *   <li>{@code prompt_cache_key}, {@code prompt_cache_retention}: where the provider's own prompt
 *       cache looks.
 * </ul>
 *
 * <p>{@code service_tier} is kept: the answer names the tier that served it.
 */
final class CanonicalForm {

  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "stream",
          "stream_options",
          "user",
          "safety_identifier",
          "metadata",
          "store",
          "prompt_cache_key",
          "prompt_cache_retention");

  private CanonicalForm() {}

  static void digest(List<TopLevelField> fields, byte[] body, MessageDigest digest) {
    List<TopLevelField> sorted = new ArrayList<>(fields);
    sorted.sort(Comparator.comparing(TopLevelField::name));
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    for (TopLevelField field : sorted) {
      if (!WITHOUT_EFFECT.contains(field.name())) {
        byte[] name = field.name().getBytes(StandardCharsets.UTF_8);
        digest.update(length.clear().putInt(name.length).flip());
        digest.update(name);
        int size = field.end() - field.start();
        digest.update(length.clear().putInt(size).flip());
        digest.update(body, field.start(), size);
      }
    }
  }
}
