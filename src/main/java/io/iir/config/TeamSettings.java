package io.iir.config;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What all keys of a team may use together; the team is the one that a key was made with. Its name
 * is not {@code none} or {@code other}, which mean others in metrics.
 *
 * @param limits rates; 0: without limit
 * @param budget what it may spend; null: as much as it likes
 */
public record TeamSettings(
    @DefaultValue @Valid IirProperties.OpenLimit limits, @Nullable @Valid BudgetSettings budget) {}
