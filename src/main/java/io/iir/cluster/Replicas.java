package io.iir.cluster;

/** The gateways that share one Redis, this one among them. Thread-safe, never blocks. */
public interface Replicas {

  /** A gateway that shares with no other. */
  static Replicas alone(String id) {
    return new Replicas() {
      @Override
      public String self() {
        return id;
      }

      @Override
      public int count() {
        return 1;
      }
    };
  }

  /** What this gateway is called: anew at each start, 16 letters and digits. */
  String self();

  /**
   * How many there are, as far as was heard last, at least 1. While Redis is away it stays what it
   * was.
   */
  int count();
}
