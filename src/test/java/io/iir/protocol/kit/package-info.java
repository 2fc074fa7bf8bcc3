/** What every protocol must be able to do, and providers that answer as real ones were recorded. */
@NullMarked
package io.iir.protocol.kit;

import org.jspecify.annotations.NullMarked;
