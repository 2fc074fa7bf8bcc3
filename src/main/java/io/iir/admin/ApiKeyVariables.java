package io.iir.admin;

import io.iir.auth.StoredKey;
import io.iir.flow.Variable;

/** What the routes of {@code /api/v1/apikeys} hand to each other. */
final class ApiKeyVariables {

  /** The key that is being made, with its secret. */
  static final Variable<IssuedKey> ISSUED =
      new Variable<>("issuedKey", IssuedKey.class, "apikeys-create", "apikeys-create");

  /** What is to be changed. */
  static final Variable<ApiKeyDocument> DOCUMENT =
      new Variable<>("apiKeyDocument", ApiKeyDocument.class, "apikeys-update", "api-key-update");

  /** The key as the change leaves it; not set if there is no such key. */
  static final Variable<StoredKey> CHANGED =
      new Variable<>(
          "changedKey",
          StoredKey.class,
          "api-key-update, api-key-revoke",
          "apikeys-update, apikeys-delete");

  private ApiKeyVariables() {}
}
