/** The Intelligent Inference Router: an OpenAI-compatible AI gateway made of Camel routes. */
@NullMarked
package io.iir;

import org.jspecify.annotations.NullMarked;
