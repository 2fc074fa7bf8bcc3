/** What end-to-end tests share: a gateway of their own and providers that do as they are told. */
@NullMarked
package io.iir.testing;

import org.jspecify.annotations.NullMarked;
