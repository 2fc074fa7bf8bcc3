/** The second stage: a sentence encoder in the ONNX format, and a linear head on it. */
@NullMarked
package io.iir.classify.encoder.onnx;

import org.jspecify.annotations.NullMarked;
