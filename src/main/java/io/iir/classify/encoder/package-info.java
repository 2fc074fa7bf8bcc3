/** The second stage of classification: asked in the background, within bounds. */
@NullMarked
package io.iir.classify.encoder;

import org.jspecify.annotations.NullMarked;
