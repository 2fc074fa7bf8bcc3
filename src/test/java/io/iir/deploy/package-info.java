/** The image, the compose file, and what they are made of. */
@NullMarked
package io.iir.deploy;

import org.jspecify.annotations.NullMarked;
