package io.iir.rules;

import io.iir.testing.TestStore;
import io.iir.testing.Vendor;

/** The texts of rules in PostgreSQL. */
class RuleStorePostgresIT extends RuleStoreTest {

  @Override
  TestStore open() {
    return TestStore.open(Vendor.POSTGRESQL);
  }
}
