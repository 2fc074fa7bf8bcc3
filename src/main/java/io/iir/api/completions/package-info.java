/** OpenAI's legacy completions: a prompt that a model continues. */
@NullMarked
package io.iir.api.completions;

import org.jspecify.annotations.NullMarked;
