package io.iir.rules;

import io.iir.provider.TargetList;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules decided for one request. Immutable.
 *
 * @param text the value of {@code targets}
 * @param targets what that spells; null where it is the model that the client named, whose name is
 *     no text of that language
 * @param reason the case that decided, or what the rule set {@code reason} to
 * @param cacheTtl how long the answer is kept; null: as long as any
 * @param timeout how long all attempts may take; null: as long as any
 * @param tags what is kept with it besides the key's tags, each {@code name=value}
 * @param set the number of the set of rules that decided
 * @param fallback why the rules that ship with the gateway decided; null: the operator's did
 */
public record Decision(
    String text,
    @Nullable TargetList targets,
    String reason,
    @Nullable Duration cacheTtl,
    @Nullable Duration timeout,
    List<String> tags,
    long set,
    @Nullable Failure fallback)
    implements Verdict {

  Decision asFallback(Failure why) {
    return new Decision(text, targets, "fallback:" + reason, cacheTtl, timeout, tags, set, why);
  }
}
