package io.iir.trace;

/**
 * What a request asks for.
 *
 * @param method GET, POST …
 * @param route the path with places for what varies, {@code /v1/chat/completions}
 */
public record RequestHead(String method, String route) {}
