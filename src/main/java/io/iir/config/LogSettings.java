package io.iir.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's log: [Logs](MONITORING.md#logs).
 *
 * @param format what its lines look like: for people, or an object a line
 * @param requests whether it has a line of each request that has ended
 */
public record LogSettings(
    @DefaultValue("text") Format format, @DefaultValue("false") boolean requests) {

  /** What the log's lines look like. */
  public enum Format {
    /** For people to read. */
    TEXT,
    /** For programs: an object a line, with the fields of the Elastic Common Schema. */
    JSON
  }
}
