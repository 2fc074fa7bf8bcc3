package io.iir.auth;

/** What a key may do besides calling models. */
public enum Role {
  /** May administer the gateway. */
  ADMIN,
  /** May call models. */
  USER
}
