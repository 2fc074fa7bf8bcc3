package io.iir.flow;

import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import io.iir.testing.Gateway;
import java.util.Objects;

/** What tests of failing providers share. */
final class RetryTests {

  private RetryTests() {}

  /** Forgets that the model {@code m} of {@code providers} has failed: else it is left out. */
  static void forgive(Gateway gateway, String... providers) {
    ProviderDirectory directory = gateway.bean(ProviderDirectory.class);
    for (String provider : providers) {
      Candidate model = directory.candidate(new ModelName(provider, "m"));
      directory.traffic().begin(Objects.requireNonNull(model)).succeeded();
    }
  }
}
