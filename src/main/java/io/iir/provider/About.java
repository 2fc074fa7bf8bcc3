package io.iir.provider;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a model and nothing is decided by. What is null or empty is not known. Immutable.
 *
 * @param qualitySource by what measure its quality is what it is said to be, and when
 * @param inputs what it reads, in small letters: {@code text, image, audio, video, file}
 * @param outputs what it writes, by the same words and {@code embedding}
 * @param deprecated when its provider stops it, or stopped recommending it
 * @param quantization how its weights are kept, such as {@code Q4_K_M}
 * @param source where the product's catalogue has what it says of it, an address
 */
public record About(
    @Nullable String qualitySource,
    Set<String> inputs,
    Set<String> outputs,
    @Nullable LocalDate deprecated,
    @Nullable String quantization,
    @Nullable String source) {

  /** Nothing is known. */
  public static final About NOTHING = new About(null, Set.of(), Set.of(), null, null);

  /** What is told by others than the catalogue. */
  public About(
      @Nullable String qualitySource,
      Set<String> inputs,
      Set<String> outputs,
      @Nullable LocalDate deprecated,
      @Nullable String quantization) {
    this(qualitySource, inputs, outputs, deprecated, quantization, null);
  }

  public About {
    inputs = Collections.unmodifiableSet(new TreeSet<>(inputs));
    outputs = Collections.unmodifiableSet(new TreeSet<>(outputs));
  }

  /** This, and where it leaves something open, what {@code others} say. */
  public About over(About others) {
    return new About(
        qualitySource == null ? others.qualitySource : qualitySource,
        inputs.isEmpty() ? others.inputs : inputs,
        outputs.isEmpty() ? others.outputs : outputs,
        deprecated == null ? others.deprecated : deprecated,
        quantization == null ? others.quantization : quantization,
        source == null ? others.source : source);
  }
}
