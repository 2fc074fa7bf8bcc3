package io.iir.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database, opened by a small pool. */
@Configuration(proxyBeanMethods = false)
public class StoreConfiguration {

  private static final int BUSY_MILLIS = 5000;

  /** SQLite has one writer at a time; more connections than this only wait for each other. */
  private static final int CONNECTIONS = 4;

  @Bean
  Database database(DataDirectory directory) {
    return Database.open(directory);
  }

  @Bean
  HikariDataSource dataSource(Database database) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("store");
    pool.setDataSource(database.source());
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setConnectionTimeout(BUSY_MILLIS);
    return new HikariDataSource(pool);
  }

  /** The tables are up to date before the pool is there: see {@link Database}. */
  @Bean
  FlywayMigrationStrategy migration() {
    return flyway -> {};
  }
}
