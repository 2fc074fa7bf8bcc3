package io.iir.local;

import io.iir.jmx.About;
import org.jspecify.annotations.Nullable;

/** What JMX shows of a model that is started on demand: {@code io.iir:type=LocalModel,name=…}. */
@About("A model of this machine that is started on demand")
public interface LocalModelMXBean {

  /** {@code stopped}, {@code loading}, {@code ready} or {@code failed}. */
  @About("stopped, loading, ready or failed")
  String getState();

  /** Why it failed last; null: it has not. */
  @About("Why it failed last; null: it has not")
  @Nullable String getFailure();

  /** How many requests use it or wait for it. */
  @About("How many requests use it or wait for it")
  int getUsers();

  /** How often it was started. */
  @About("How often it was started")
  long getStarts();

  /** Its process; null: none. */
  @About("Its process; null: none")
  @Nullable Long getPid();

  /** Where it listens; null: it does not run. */
  @About("Where it listens; null: it does not run")
  @Nullable String getAddress();

  /** Starts it, as a request would; it is stopped after its time without one. */
  @About("Starts it, as a request would; it is stopped after its time without one")
  void start();

  /** Stops it if no request uses it; false if one does, or it does not run. */
  @About("Stops it if no request uses it; false if one does, or it does not run")
  boolean stop();
}
