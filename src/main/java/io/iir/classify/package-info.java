/** What a request asks for, told from its text and shape. */
@NullMarked
package io.iir.classify;

import org.jspecify.annotations.NullMarked;
