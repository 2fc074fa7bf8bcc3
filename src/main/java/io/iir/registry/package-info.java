/** What is known of providers, models and the machine, kept over restarts. */
@NullMarked
package io.iir.registry;

import org.jspecify.annotations.NullMarked;
