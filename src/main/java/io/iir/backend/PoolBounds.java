package io.iir.backend;

/**
 * How many connections to one origin there may be in all, and how many calls may wait for one.
 *
 * @param maxConnections at least 1
 * @param maxWaiting 0: a call that finds no connection is refused at once
 */
public record PoolBounds(int maxConnections, int maxWaiting) {}
