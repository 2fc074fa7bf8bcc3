/** Bedrock's protocol, tested. */
@NullMarked
package io.iir.protocol.bedrock;

import org.jspecify.annotations.NullMarked;
