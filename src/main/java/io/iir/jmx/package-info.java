/** How the gateway's own objects are shown over JMX: under {@code io.iir}, with descriptions. */
@NullMarked
package io.iir.jmx;

import org.jspecify.annotations.NullMarked;
