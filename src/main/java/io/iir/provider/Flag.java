package io.iir.provider;

import io.iir.config.Capability;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A property that a model has or has not; one that is not known to have it has not. */
enum Flag {
  /** It can call tools. */
  TOOLS,
  /** It can look at images. */
  IMAGES,
  /** Another word for {@link #IMAGES}. */
  VISION,
  /** It can be held to JSON. */
  JSON,
  /** It runs on this machine or in its private network. */
  LOCAL,
  /** It is a service on the Internet. */
  HOSTED;

  /** Those that may stand without {@code !}: the others are sets, too, and then mean the set. */
  static final List<Flag> PLAIN = List.of(TOOLS, IMAGES, VISION, JSON);

  /** Whether {@code model} is known to have it. */
  boolean of(Candidate model) {
    return switch (this) {
      case TOOLS -> model.facts().can().contains(Capability.TOOLS);
      case IMAGES, VISION -> model.facts().can().contains(Capability.IMAGES);
      case JSON -> model.facts().can().contains(Capability.JSON);
      case LOCAL -> model.isLocal();
      case HOSTED -> model.resolved().provider().isHosted();
    };
  }

  /** The name as rules write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Flag named(String word) {
    for (Flag flag : values()) {
      if (flag.word().equals(word)) {
        return flag;
      }
    }
    return null;
  }
}
