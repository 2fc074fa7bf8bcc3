package io.iir.throttle;

import org.jspecify.annotations.Nullable;

/**
 * All that limits one subject.
 *
 * @param budget what it may spend; null: as much as it likes
 */
public record Quota(Subject subject, Limits limits, @Nullable Budget budget) {}
