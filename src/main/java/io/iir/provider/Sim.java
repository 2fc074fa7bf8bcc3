package io.iir.provider;

import java.util.List;

/** The models of the simulator: {@code echo} says what it was told, {@code lorem} invents text. */
final class Sim {

  static final List<String> MODELS = List.of("echo", "lorem");

  private Sim() {}
}
