/** Model servers that the gateway starts when a request needs them, and stops when none does. */
@NullMarked
package io.iir.local;

import org.jspecify.annotations.NullMarked;
