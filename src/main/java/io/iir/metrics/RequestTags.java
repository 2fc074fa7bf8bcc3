package io.iir.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * What requests are counted by.
 *
 * @param route the entry's id
 * @param outcome what became of it
 * @param status the class of the status that the client was told: {@code 2xx}, or {@code none}
 * @param model who was asked last, or whose answer the cache had
 * @param cache what the cache did, or {@code none}
 */
public record RequestTags(
    String route, String outcome, String status, ModelTag model, String cache) {

  /** As tags. */
  Tags tags() {
    return model.tags().and("route", route, "outcome", outcome, "status", status, "cache", cache);
  }
}
