/**
 * OpenAI's chat protocol as plain values: requests, usage, errors, answers whole and streamed.
 * Knows nothing of Camel or Netty.
 */
@NullMarked
package io.iir.openai;

import org.jspecify.annotations.NullMarked;
