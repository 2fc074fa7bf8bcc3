package io.iir.provider;

import io.iir.jmx.About;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What JMX shows of a provider: {@code io.iir:type=Provider,name=…}. */
@About("A provider, and whether it gets calls")
public interface ProviderMXBean {

  /** {@code up}, {@code degraded}, {@code down} or {@code drained}. */
  @About("up, degraded, down or drained")
  String getState();

  /** How many calls to it go on. */
  @About("How many calls to it go on")
  int getInFlight();

  /** Its models that are down or being tried. */
  @About("Its models that are down or being tried")
  List<String> getFailingModels();

  /** Its endpoints that are ejected or being tried. */
  @About("Its endpoints that are ejected or being tried")
  List<String> getFailingEndpoints();

  /** Its keys that are not used now, by the beginnings of their SHA-256. */
  @About("Its keys that are not used now, by the beginnings of their SHA-256")
  List<String> getCooledKeys();

  /** What went wrong last, with its time; null: nothing has. */
  @About("What went wrong last, with its time; null: nothing has")
  @Nullable String getLastError();

  /** Lets it have no new calls; those that go on end as ever. */
  @About("Lets it have no new calls; those that go on end as ever")
  void drain();

  /** Lets it have calls again; what failed before is tried anew. */
  @About("Lets it have calls again; what failed before is tried anew")
  void enable();
}
