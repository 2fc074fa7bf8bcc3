package io.iir.hardware;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A graphics processor.
 *
 * @param vendor who made it, and so what runs on it
 * @param name the vendor's name for it, such as {@code NVIDIA H100 80GB HBM3}
 * @param totalBytes its own memory, or how much of the machine's it may take where it {@code
 *     shares} that
 * @param freeBytes what is free of it
 * @param shares whether its memory is the machine's own, as on Apple silicon
 * @param bytesPerSecond how fast it reads its memory, by its data sheet; null: unknown
 * @param flops half-precision operations a second, dense, by its data sheet; null: unknown
 * @param driver the driver's version; null: unknown
 */
public record Gpu(
    Vendor vendor,
    String name,
    long totalBytes,
    long freeBytes,
    boolean shares,
    @Nullable Double bytesPerSecond,
    @Nullable Double flops,
    @Nullable String driver) {

  /** Who makes graphics processors that models run on. */
  public enum Vendor {
    /** Runs CUDA. */
    NVIDIA,
    /** Runs ROCm. */
    AMD,
    /** Runs Metal. */
    APPLE;

    /** The name in small letters, as clients see it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
