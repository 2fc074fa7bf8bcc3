package io.iir.backend;

/**
 * How connections are used.
 *
 * @param active so many carry a call, or are being opened for one
 * @param idle so many do not
 * @param waiting so many calls wait for one
 */
record PoolUse(int active, int idle, int waiting) {

  PoolUse plus(PoolUse other) {
    return new PoolUse(active + other.active, idle + other.idle, waiting + other.waiting);
  }
}
