/** Calls to providers over HTTP on the event loop of the client: pool, call, answer stream. */
@NullMarked
package io.iir.backend;

import org.jspecify.annotations.NullMarked;
