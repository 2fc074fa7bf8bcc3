package io.iir.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The choice between models.
 *
 * @param qualityTarget how much of the strongest model's quality {@code auto/cost} is to keep, as
 *     clients' <a href="CLASSIFICATION.md#feedback">feedback</a> measures it
 */
public record RoutingSettings(
    @DefaultValue("0.95")
        @DecimalMin(value = "0", message = "must be from 0 to 1")
        @DecimalMax(value = "1", message = "must be from 0 to 1")
        double qualityTarget) {}
