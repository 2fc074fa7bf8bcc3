package io.iir.provider;

/** Hears what becomes of one {@link ModelCall}. Told on the thread that the call is made on. */
public interface CallWatch {

  /** The provider has answered with {@code status}. */
  void status(int status);

  /** The call has failed; {@code type} says how, in a word of a closed set or a status. */
  void failed(String type);

  /** The call is over. */
  void ended();
}
