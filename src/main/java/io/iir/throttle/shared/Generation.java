package io.iir.throttle.shared;

/**
 * One life of what Redis keeps of limits: it ends when the server starts anew, for nobody can tell
 * then how much of it was saved. Its name is part of all keys but its own, so that nothing of one
 * life is taken for another's. The braces make all keys one slot's, that of {@code iir:replicas}.
 * Immutable.
 */
final class Generation {

  /** Where the name of the generation that holds is kept. */
  static final byte[] KEY = Words.of("iir:{iir:replicas}:generation");

  /** The gateways by their last heartbeats. */
  static final byte[] REPLICAS = Words.of("iir:replicas");

  private static final String PREFIX = "iir:{iir:replicas}:";

  /** Enough of a server's run to tell it from others. */
  private static final int NAME = 12;

  final String name;
  final byte[] nameWord;

  /** Grants that this gateway holds. */
  final byte[] grants;

  /** Grants that it called off before Redis had made them. */
  final byte[] calledOff;

  private final String prefix;

  Generation(String run, String replica) {
    name = run.length() > NAME ? run.substring(0, NAME) : run;
    nameWord = Words.of(name);
    prefix = PREFIX + name + ':';
    grants = Words.of(prefix + "grants:" + replica);
    calledOff = Words.of(prefix + "called-off:" + replica);
  }

  /** A subject's key of one {@code kind}. */
  byte[] key(String kind, String subject) {
    return Words.of(prefix + kind + ':' + subject);
  }
}
