/**
 * What a rule's text speaks of: facts, knobs, headers and models, and what can be wrong with it.
 */
@NullMarked
package io.iir.rules.language;

import org.jspecify.annotations.NullMarked;
