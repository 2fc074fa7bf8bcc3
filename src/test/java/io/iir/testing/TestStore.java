package io.iir.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.iir.config.Secret;
import io.iir.store.DataDirectory;
import io.iir.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/**
 * A database with empty tables, for tests of what is kept there. Close it.
 *
 * @param pool opens connections to it as a gateway's does
 */
public record TestStore(Database database, HikariDataSource pool, Path directory)
    implements AutoCloseable {

  /** A file, or a database of the shared PostgreSQL, of its own. */
  public static TestStore open(Vendor vendor) {
    try {
      Secret url =
          vendor == Vendor.SQLITE ? null : Secret.of(PostgresServer.shared().newDatabase());
      Path directory = Files.createTempDirectory("iir-store");
      Database database = Database.open(new DataDirectory(directory), url);
      HikariConfig pool = database.pool();
      pool.setDataSource(database.source());
      return new TestStore(database, new HikariDataSource(pool), directory);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    pool.close();
    FileSystemUtils.deleteRecursively(directory);
  }
}
