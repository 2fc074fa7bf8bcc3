package io.iir.throttle;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests within the quotas of all whom they concern, all or none. In no 60 seconds does
 * more pass than a limit a minute says. Thread-safe; never blocks, so event loops may call it.
 */
public interface Limiter {

  /**
   * The refusal that {@link #acquire} is known to end in, told from this process's memory alone, so
   * that the body of a request which is refused need not be read; null: none is known.
   */
  @Nullable RateLimitedException refusal(List<Quota> quotas);

  /**
   * Takes {@code charge} from all of its quotas, or nothing from any, in one step.
   *
   * @return the permit, to be settled when the request has ended, however it ended; done already
   *     where this process's memory decides. Fails with {@link RateLimitedException} if a limit
   *     forbids it.
   */
  CompletableFuture<Permit> acquire(Charge charge);
}
