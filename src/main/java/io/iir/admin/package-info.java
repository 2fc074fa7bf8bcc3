/** Administration: keys and what is done with them. */
@NullMarked
package io.iir.admin;

import org.jspecify.annotations.NullMarked;
