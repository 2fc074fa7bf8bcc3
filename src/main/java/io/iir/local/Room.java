package io.iir.local;

import io.iir.config.LocalModelSettings;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Whether there is memory for another model: the machine's, and that of graphics processors. */
final class Room {

  /**
   * One kind of memory.
   *
   * @param name in messages
   * @param need how much a model takes of it; null: it is not counted
   * @param total how much there is; 0: none, or unknown
   * @param free how much is free
   * @param limit how much all models together may take; null: what is free
   */
  private record Kind(
      String name,
      Function<LocalModelSettings, @Nullable DataSize> need,
      LongSupplier total,
      LongSupplier free,
      @Nullable DataSize limit) {}

  private final List<Kind> kinds;

  /** Room in {@code memory}, of which all models together may take at most {@code limit}. */
  Room(FreeMemory memory, @Nullable DataSize limit) {
    kinds =
        List.of(
            new Kind(
                "memory", LocalModelSettings::memory, memory::totalBytes, memory::freeBytes, limit),
            new Kind(
                "memory of graphics processors",
                LocalModelSettings::vram,
                memory::totalVramBytes,
                memory::freeVramBytes,
                null));
  }

  /** Why settings never let a model run, in words that go behind its name; null if they do. */
  @Nullable String beyondLimit(LocalModelSettings model) {
    for (Kind kind : kinds) {
      DataSize need = kind.need().apply(model);
      DataSize limit = kind.limit();
      if (need != null && limit != null && need.compareTo(limit) > 0) {
        return "needs %s of %s, more than the %s of iir.local.max-memory"
            .formatted(words(need), kind.name(), words(limit));
      }
    }
    return null;
  }

  /**
   * Why this machine can never run a model, in words that go behind its name; null if it can, or if
   * that cannot be found out. Blocks.
   */
  @Nullable String beyondMachine(LocalModelSettings model) {
    for (Kind kind : kinds) {
      DataSize need = kind.need().apply(model);
      if (need == null || kind.limit() != null) {
        continue;
      }
      long total = kind.total().getAsLong();
      if (total > 0 && need.toBytes() > total) {
        return "needs %s of %s, more than the %s that this machine has"
            .formatted(words(need), kind.name(), words(DataSize.ofBytes(total)));
      }
    }
    return null;
  }

  /** Whether a model takes any memory that is counted. */
  boolean counts(LocalModelSettings model) {
    return kinds.stream().anyMatch(kind -> kind.need().apply(model) != null);
  }

  /** How much is free now of each kind that {@code model} takes and that no limit says. Blocks. */
  List<Long> measure(LocalModel model) {
    return kinds.stream()
        .map(kind -> {
          boolean asked = kind.limit() == null && kind.need().apply(model.settings()) != null;
          return asked ? kind.free().getAsLong() : 0L;
        })
        .toList();
  }

  /**
   * What is missing for {@code model} beside {@code others}; null if there is room. To be called
   * under the lock of the models.
   *
   * @param measured what {@link #measure} said
   */
  @Nullable Missing missing(LocalModel model, List<LocalModel> others, List<Long> measured) {
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      DataSize need = kind.need().apply(model.settings());
      if (need == null) {
        continue;
      }
      DataSize limit = kind.limit();
      long free = limit == null ? measured.get(i) : limit.toBytes();
      for (LocalModel other : others) {
        // What runs has its memory already, and it is not free; what is starting has not yet.
        boolean counts =
            switch (other.phase()) {
              case LOADING -> other.roomTaken();
              case READY, STOPPING -> limit != null;
              case STOPPED, FAILED -> false;
            };
        free -= counts && other != model ? takes(kind, other) : 0;
      }
      if (need.toBytes() > free) {
        return new Missing(
            need.toBytes() - free,
            other -> takes(kind, other),
            "needs %s of %s, and %s is free"
                .formatted(words(need), kind.name(), words(DataSize.ofBytes(Math.max(0, free)))));
      }
    }
    return null;
  }

  /**
   * Memory that a model needs and that is not free.
   *
   * @param bytes how much
   * @param takes how much of that kind another model would give back
   * @param words the same in words that go behind the model's name
   */
  record Missing(long bytes, ToLongFunction<LocalModel> takes, String words) {}

  private static long takes(Kind kind, LocalModel model) {
    DataSize takes = kind.need().apply(model.settings());
    return takes == null ? 0 : takes.toBytes();
  }

  private static String words(DataSize size) {
    long megabytes = size.toMegabytes();
    return megabytes >= 10 << 10
        ? "%.1f GB".formatted(megabytes / 1024.0)
        : "%d MB".formatted(megabytes);
  }
}
