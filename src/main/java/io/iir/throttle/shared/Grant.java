package io.iir.throttle.shared;

import java.util.List;

/**
 * What Redis gives a request in one step and takes back in one. Redis knows it by its name for as
 * long as it is held, so that nothing is done twice, however often it is sent.
 */
final class Grant {

  final String name;
  final List<Holding> holdings;

  /** The second that it was taken in; 0: not known, the answer is not there. */
  volatile long second;

  Grant(String name, List<Holding> holdings) {
    this.name = name;
    this.holdings = holdings;
  }
}
