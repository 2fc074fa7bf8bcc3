package io.iir.testing;

/** Whose database a test's gateway keeps its state in. */
public enum Vendor {
  /** A file in its data directory. */
  SQLITE,
  /** A database of the shared PostgreSQL. */
  POSTGRESQL;

  /** The settings for a new database; for a file, each data directory is one. */
  public String[] newStore() {
    return this == SQLITE ? new String[0] : new String[] {PostgresServer.shared().setting()};
  }
}
