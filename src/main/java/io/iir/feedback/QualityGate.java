package io.iir.feedback;

import org.jspecify.annotations.Nullable;

/** Knows the calibration that is in use. Thread-safe, never blocks. */
public final class QualityGate {

  private volatile @Nullable Calibration live;

  /** The calibration in use; null: there is none. */
  public @Nullable Calibration live() {
    return live;
  }

  void use(@Nullable Calibration calibration) {
    live = calibration;
  }
}
