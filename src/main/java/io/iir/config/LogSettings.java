package io.iir.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's log.
 *
 * @param format what its lines look like
 * @param requests whether it has a line of each request
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
