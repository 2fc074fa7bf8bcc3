/** API keys: who calls, kept as SHA-256 hashes. */
@NullMarked
package io.iir.auth;

import org.jspecify.annotations.NullMarked;
