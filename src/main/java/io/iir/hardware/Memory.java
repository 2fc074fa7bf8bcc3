package io.iir.hardware;

import org.jspecify.annotations.Nullable;

/**
 * A machine's main memory.
 *
 * @param totalBytes what the machine has
 * @param freeBytes what programs could still take, caches of files counted as free
 * @param limitBytes what a container may use, from its cgroup; null: all of it
 * @param usedBytes what the container uses of its limit, caches of files not counted; null: no
 *     limit
 * @param bytesPerSecond how fast all cores together read it, measured; null: not measured
 */
public record Memory(
    long totalBytes,
    long freeBytes,
    @Nullable Long limitBytes,
    @Nullable Long usedBytes,
    @Nullable Double bytesPerSecond) {

  /** What this process may use of it all: the machine's, or its container's if that is less. */
  public long usableBytes() {
    return limitBytes == null ? totalBytes : Math.min(limitBytes, totalBytes);
  }

  /** What this process could still take. */
  public long availableBytes() {
    return limitBytes == null || usedBytes == null
        ? freeBytes
        : Math.max(0, Math.min(freeBytes, limitBytes - usedBytes));
  }
}
