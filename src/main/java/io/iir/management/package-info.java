/** The management port: Hawtio's pages and Jolokia, for operators. */
@NullMarked
package io.iir.management;

import org.jspecify.annotations.NullMarked;
