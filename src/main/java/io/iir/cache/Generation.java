package io.iir.cache;

/**
 * How often answers were cleared when a request was looked up: an answer that is made for it is not
 * kept if they have been cleared since.
 *
 * @param local in this process
 * @param shared in Redis, as far as this process knew
 */
record Generation(long local, long shared) {}
