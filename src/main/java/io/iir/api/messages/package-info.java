/** Anthropic's Messages API, for any model behind the gateway. */
@NullMarked
package io.iir.api.messages;

import org.jspecify.annotations.NullMarked;
