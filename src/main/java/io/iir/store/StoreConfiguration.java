package io.iir.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.iir.config.IirProperties;
import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database, opened by a small pool. */
@Configuration(proxyBeanMethods = false)
public class StoreConfiguration {

  @Bean
  Database database(DataDirectory directory, IirProperties properties) {
    return Database.open(directory, properties.databaseUrl());
  }

  @Bean
  HikariDataSource dataSource(Database database) {
    HikariConfig pool = database.pool();
    pool.setPoolName("store");
    pool.setDataSource(database.source());
    return new HikariDataSource(pool);
  }

  @Bean(destroyMethod = "close")
  StoreHealth storeHealth(Database database, HikariDataSource pool) {
    return StoreHealth.watch(database, pool);
  }

  @Bean
  MeterBinder databaseUp(StoreHealth health) {
    return registry ->
        Gauge.builder(Meters.DATABASE_UP.id(), health, one -> one.answers() ? 1 : 0)
            .register(registry);
  }
}
