package io.iir.classify.encoder;

import io.iir.classify.SecondStage;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the second stage that the gateway was built with. */
public final class SecondStages {

  private SecondStages() {}

  /** The one on the class path, not open yet; null where there is none. */
  public static @Nullable SecondStage find() {
    return ServiceLoader.load(SecondStage.class, SecondStages.class.getClassLoader())
        .findFirst()
        .orElse(null);
  }
}
