package io.iir.provider;

import org.jspecify.annotations.Nullable;

/** A model whose server is started when a request needs it. Thread-safe; nothing here blocks. */
public interface OnDemandModel {

  /** Whose it is, with what its server wants to be called by. */
  Provider provider();

  /** Its name in ids, without the provider. */
  String model();

  /** The name that its server knows it by. */
  String upstream();

  /**
   * {@link Model.State#STOPPED}, {@link Model.State#LOADING}, {@link Model.State#READY} or {@link
   * Model.State#FAILED}.
   */
  Model.State state();

  /** Why this machine can never run it, in words that go behind its name; null if it can. */
  @Nullable String unfit();

  /** Why it cannot be asked just now, in such words; null if it can. */
  @Nullable String unavailable();
}
