package io.iir.backend;

/**
 * How many connections of one provider's to one origin there may be in all, and how many calls may
 * wait for one.
 *
 * @param provider whose they are: providers at one origin share no connections
 * @param maxConnections at least 1
 * @param maxWaiting 0: a call that finds no connection is refused at once
 */
public record PoolBounds(String provider, int maxConnections, int maxWaiting) {}
