/** What the machine is that the gateway runs on: processors, memory, graphics processors. */
@NullMarked
package io.iir.hardware;

import org.jspecify.annotations.NullMarked;
