/** The dashboards and alerts of the folder monitoring, held against a gateway and a Prometheus. */
@NullMarked
package io.iir.monitoring;

import org.jspecify.annotations.NullMarked;
