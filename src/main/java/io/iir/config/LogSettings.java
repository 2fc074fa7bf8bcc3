package io.iir.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's own log: [Logs](MONITORING.md#logs).
 *
 * @param format what its lines look like: {@code text}, for people; {@code json}, an object a line
 *     with the fields of the Elastic Common Schema, for programs
 * @param requests whether it has a line of each request to the APIs ({@code /v1}, {@code /api}):
 *     its id, key, team, model, tokens, status and time; nothing of what was said
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
