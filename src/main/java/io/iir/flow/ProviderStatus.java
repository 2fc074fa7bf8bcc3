package io.iir.flow;

import io.iir.openai.ApiError;

/** What the status of a provider's refusal or failure means for the other targets. Stateless. */
final class ProviderStatus {

  private ProviderStatus() {}

  /** Whether it concerns the gateway's account there, and so all models of the provider. */
  static boolean concernsTheAccount(int status) {
    return status == 401 || status == 402 || status == 403 || status == 407 || status == 429;
  }

  /**
   * Whether another provider would refuse the request too. Not so: what concerns the gateway's own
   * credentials and quota (401, 402, 403, 407), the model's absence (404), or time and load (408,
   * 425, 429).
   */
  static boolean isClientsFault(int status) {
    return switch (status) {
      case 401, 402, 403, 404, 407, 408, 425, 429 -> false;
      default -> status >= 400 && status < 500;
    };
  }

  /**
   * Whether the same may succeed a little later: time and load, and failures of the provider's. An
   * exhausted quota, which OpenAI reports as 429 too, comes back by no pause.
   */
  static boolean mayBeRetried(ApiError error) {
    return switch (error.status()) {
      case 408, 425, 500, 502, 503, 504, 529 -> true;
      case 429 -> !error.code().equals("insufficient_quota");
      default -> false;
    };
  }
}
