package io.iir.idempotency;

/**
 * One attempt to answer the first request of a key.
 *
 * @param request the request
 * @param owner the gateway
 * @param number counts the gateway's attempts
 */
record RunId(String request, String owner, long number) {}
