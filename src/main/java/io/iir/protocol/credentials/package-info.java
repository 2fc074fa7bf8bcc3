/** What providers know the gateway by: keys, signatures and tokens. */
@NullMarked
package io.iir.protocol.credentials;

import org.jspecify.annotations.NullMarked;
