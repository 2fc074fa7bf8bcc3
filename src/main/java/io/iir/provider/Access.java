package io.iir.provider;

import io.iir.config.AuthForm;
import io.iir.config.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * What a call to a provider must know besides its address and key.
 *
 * @param form how a call says who calls
 * @param region the region that signatures are for; empty: none
 * @param apiVersion the version of the API that each address names; empty: none
 */
public record Access(AuthForm form, String region, String apiVersion) {

  /** What providers of {@code protocol} usually want. */
  static Access of(Protocol protocol) {
    return new Access(AuthForm.of(protocol), "", "");
  }

  /** What {@code vendor} wants of those who speak {@code protocol} to it. */
  static AuthForm form(Vendor vendor, Protocol protocol, @Nullable AuthForm setting) {
    if (setting != null) {
      return setting;
    }
    return vendor.protocol() == protocol ? vendor.auth() : AuthForm.of(protocol);
  }
}
