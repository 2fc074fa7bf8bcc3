package io.iir.feedback;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Knows the calibration that is in use. Thread-safe, never blocks. */
public final class QualityGate {

  private final Supplier<String> classifier;
  private volatile @Nullable Calibration live;

  /** A gate of the classifier whose version {@code classifier} gives. */
  public QualityGate(Supplier<String> classifier) {
    this.classifier = classifier;
  }

  /** The calibration in use; null: there is none for what the classifier says now. */
  public @Nullable Calibration live() {
    Calibration last = live;
    return last != null && last.classifier().equals(classifier.get()) ? last : null;
  }

  void use(@Nullable Calibration calibration) {
    live = calibration;
  }
}
