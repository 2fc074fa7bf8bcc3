package io.iir.idempotency;

/** What the database says of a request. Immutable. */
sealed interface Look permits Look.Mine, Look.Unavailable, StoredRequest {

  /** It is the first, and whoever asked is to answer it. */
  record Mine() implements Look {}

  /** The database says nothing. */
  record Unavailable() implements Look {}
}
