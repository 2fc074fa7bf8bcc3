package io.iir.management;

import io.iir.jmx.About;
import java.util.List;
import java.util.Map;

/** What JMX shows of the rules: {@code io.iir:type=Rules}. */
@About("The operator's routing rules")
public interface RulesMXBean {

  /** Of each rule, which of its texts decides; 0: none. */
  @About("Of each rule, which of its texts decides; 0: none, its first one was refused")
  Map<String, Long> getVersions();

  /** Files that are not what decides, and why. */
  @About("Files that are not what decides, and why; empty: all are")
  List<String> getDegraded();

  /** How often each branch was taken. */
  @About("How often each branch was taken since its rule went live, by rule and branch")
  Map<String, Long> getBranchHits();

  /** How many requests the shipped rules decided in the place of these. */
  @About("How many requests the shipped rules decided because these could not")
  long getFallbacks();

  /** Looks at the folder now. */
  @About("Looks at the routes folder now, and tries again what was refused or taken back")
  void reload();
}
