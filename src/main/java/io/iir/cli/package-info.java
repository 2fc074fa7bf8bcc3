/**
 * The command line: {@code java -jar iir.jar rules …}. It starts neither Spring nor the flow, and
 * nothing but the application's entry point knows of it.
 */
@NullMarked
package io.iir.cli;

import org.jspecify.annotations.NullMarked;
