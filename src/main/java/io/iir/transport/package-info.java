/** Event loops, deadlines and the link to the client that an exchange runs for. */
@NullMarked
package io.iir.transport;

import org.jspecify.annotations.NullMarked;
