/** The {@code relay:} component: calls a provider on the event loop of the client. */
@NullMarked
package io.iir.flow.relay;

import org.jspecify.annotations.NullMarked;
