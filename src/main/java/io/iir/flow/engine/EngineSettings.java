package io.iir.flow.engine;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the server listens on and what it lets a client do.
 *
 * @param host the address to bind, such as 0.0.0.0
 * @param port the port to bind; 0: any free one
 * @param tls the server's certificate, or null for plain HTTP
 * @param maxBody the longest request body, in bytes, counted after inflating
 * @param maxHeld how many bytes of request bodies may be in memory at once, all together
 * @param headTimeout from a request's first byte to the end of its head
 * @param bodyTimeout from the head to the end of the body, one second more for each 16 KiB received
 * @param sendTimeout how long a client may take nothing of what waits to be written to it
 * @param idleTimeout how long a connection may stay open between requests
 * @param stopDelay how long a stopping gateway still takes requests
 * @param stopGrace how long it then waits for answers that are under way
 * @param headers the clients' headers that routes see besides those they always do, in lower case
 */
public record EngineSettings(
    String host,
    int port,
    @Nullable SslContext tls,
    long maxBody,
    long maxHeld,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration sendTimeout,
    Duration idleTimeout,
    Duration stopDelay,
    Duration stopGrace,
    Set<String> headers) {}
