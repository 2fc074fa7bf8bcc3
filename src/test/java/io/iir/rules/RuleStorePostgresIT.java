package io.iir.rules;

import io.iir.testing.TestStore;

/** The texts of rules in PostgreSQL. */
class RuleStorePostgresIT extends RuleStoreTest {

  @Override
  TestStore open() {
    return TestStore.postgres();
  }
}
