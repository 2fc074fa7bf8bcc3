/**
 * The engine under {@code platform-http:}: a reactor-netty server that runs each exchange on the
 * event loop of its client's connection.
 */
@NullMarked
package io.iir.flow.engine;

import org.jspecify.annotations.NullMarked;
