/**
 * The operator's rules: YAML routes that decide, checked, proven and swapped while the gateway
 * runs.
 */
@NullMarked
package io.iir.rules;

import org.jspecify.annotations.NullMarked;
