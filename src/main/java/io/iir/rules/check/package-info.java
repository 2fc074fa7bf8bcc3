/** From a rule's text to a route definition that may run: two gates, by allow-lists. */
@NullMarked
package io.iir.rules.check;

import org.jspecify.annotations.NullMarked;
