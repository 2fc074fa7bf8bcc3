/** The catalogue of models that ships with the product: what is known of them beforehand. */
@NullMarked
package io.iir.catalog;

import org.jspecify.annotations.NullMarked;
