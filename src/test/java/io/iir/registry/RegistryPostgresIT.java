package io.iir.registry;

import io.iir.testing.PostgresServer;

/** The registry is the same in PostgreSQL. */
class RegistryPostgresIT extends RegistryIT {

  @Override
  String[] store() {
    return new String[] {PostgresServer.shared().setting()};
  }
}
