@NullMarked
package io.iir.feedback;

import org.jspecify.annotations.NullMarked;
