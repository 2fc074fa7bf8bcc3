/** OpenAI's Responses API in its stateless form, for any model. */
@NullMarked
package io.iir.api.responses;

import org.jspecify.annotations.NullMarked;
