/** What the gateways that share one state know of each other. */
@NullMarked
package io.iir.cluster;

import org.jspecify.annotations.NullMarked;
