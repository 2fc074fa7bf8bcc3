@NullMarked
package io.iir.usage;

import org.jspecify.annotations.NullMarked;
