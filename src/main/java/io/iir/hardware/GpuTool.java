package io.iir.hardware;

import java.util.ArrayList;
import java.util.List;

/** A vendor's program, or none, that tells which graphics processors there are. */
interface GpuTool {

  /** What it tells now. */
  Found find();

  /**
   * Graphics processors, and what could not be found out about others.
   *
   * @param gpus in their order
   * @param problems a sentence each
   */
  record Found(List<Gpu> gpus, List<String> problems) {

    /** There are none. */
    static final Found NOTHING = new Found(List.of(), List.of());

    public Found {
      gpus = List.copyOf(gpus);
      problems = List.copyOf(problems);
    }

    /** There may be some, but {@code sentence} says why they cannot be told. */
    static Found problem(String sentence) {
      return new Found(List.of(), List.of(sentence));
    }

    /** These and then {@code others}. */
    Found and(Found others) {
      List<Gpu> allGpus = new ArrayList<>(gpus);
      allGpus.addAll(others.gpus);
      List<String> allProblems = new ArrayList<>(problems);
      allProblems.addAll(others.problems);
      return new Found(allGpus, allProblems);
    }
  }
}
