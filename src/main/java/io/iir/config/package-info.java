/** The operator's configuration, validated when the gateway starts. */
@NullMarked
package io.iir.config;

import org.jspecify.annotations.NullMarked;
