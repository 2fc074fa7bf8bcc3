/** Trains the classifier that ships with the product, and says how good it is. */
@NullMarked
package io.iir.classify.train;

import org.jspecify.annotations.NullMarked;
