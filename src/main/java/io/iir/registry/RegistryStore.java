package io.iir.registry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The registry's tables. Blocks, also until the gateway has started. Thread-safe.
 *
 * @see RegistryStoreRoute
 */
public interface RegistryStore {

  /** What can be read. */
  enum Rows {
    /** All models of the provider that is asked about, in order. */
    MODELS,
    /** All providers. */
    PROVIDERS,
    /** The last hardware that was found, if any. */
    HARDWARE,
    /** The recommendations for the hardware that is asked about, the best first. */
    RECOMMENDATIONS,
    /** The last refresh, if any. */
    LAST_REFRESH
  }

  /** Whether the gateway runs: false when it stops. */
  boolean isOpen();

  /** The rows, by column; {@code about} is whom or what to ask about, or empty. */
  List<Map<String, Object>> read(Rows rows, String about);

  /**
   * Writes a provider, its models that are there and those that have gone, all or nothing.
   *
   * @param gone their names and when they had gone
   */
  void list(
      Map<String, @Nullable Object> provider,
      List<Map<String, @Nullable Object>> models,
      List<Map<String, @Nullable Object>> gone);

  /** Writes hardware and what is recommended for it, all or nothing. */
  void hardware(
      Map<String, @Nullable Object> hardware, List<Map<String, @Nullable Object>> recommendations);

  /** Writes that there was a refresh. */
  void refresh(Map<String, @Nullable Object> refresh);
}
