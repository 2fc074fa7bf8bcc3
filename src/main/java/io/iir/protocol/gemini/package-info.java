/** Google's {@code generateContent} and embeddings, as the Gemini API and Vertex AI have them. */
@NullMarked
package io.iir.protocol.gemini;

import org.jspecify.annotations.NullMarked;
