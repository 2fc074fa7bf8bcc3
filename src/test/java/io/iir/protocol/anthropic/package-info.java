/** Tests of Anthropic's protocol, on recorded answers and beside Anthropic's own client. */
@NullMarked
package io.iir.protocol.anthropic;

import org.jspecify.annotations.NullMarked;
