package io.iir.config;

/**
 * A key that must not be shown: whoever prints it, or a record that holds it, sees stars. Space
 * around it, such as the newline at the end of a mounted secret, is not part of it.
 *
 * @param value the key itself; empty where a placeholder found nothing
 */
public record Secret(String value) {

  public Secret {
    value = value.strip();
  }

  /** The secret that {@code value} spells. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** True where nothing was given. */
  public boolean isEmpty() {
    return value.isEmpty();
  }

  /** True if the key can stand in an HTTP header: visible ASCII only. */
  public boolean isPrintable() {
    return value.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  @Override
  public String toString() {
    return "***";
  }
}
