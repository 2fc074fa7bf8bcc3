package io.iir.usage;

import io.iir.config.IirProperties;
import io.iir.config.StartException;
import io.iir.store.DataDirectory;
import io.iir.store.Database;
import io.iir.throttle.Spent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ledger of what requests used. */
@Configuration(proxyBeanMethods = false)
public class UsageConfiguration {

  private static final String DIRECTORY = "usage";
  private static final int SEGMENT_BYTES = 4 << 20;
  private static final int MOST_IN_MEMORY = 100_000;

  @Bean
  JournalDirectory journalDirectory(DataDirectory data) {
    try {
      return new JournalDirectory(data.directory(DIRECTORY));
    } catch (IOException e) {
      throw new StartException(
          "The directory %s in %s cannot be created: %s.".formatted(DIRECTORY, data.path(), e),
          "Make the data directory writable for the user that runs the gateway.",
          e);
    }
  }

  @Bean
  UsageMeters usageMeters(MeterRegistry registry) {
    return new UsageMeters(registry);
  }

  /** Closed by the {@link LedgerWriter}. */
  @Bean(destroyMethod = "")
  Journal ledger(JournalDirectory directory, UsageMeters meters) {
    try {
      while (true) {
        long id = new SecureRandom().nextLong() & Long.MAX_VALUE;
        JournalDirectory.Lock lock = directory.tryLock(id);
        if (lock != null) {
          return new Journal(directory, lock, id, SEGMENT_BYTES, MOST_IN_MEMORY, meters);
        }
      }
    } catch (IOException e) {
      throw new StartException(
          "The usage journal in %s cannot be written: %s.".formatted(directory.path(), e),
          "Make it writable for the user that runs the gateway.",
          e);
    }
  }

  @Bean
  RowIds rowIds(Journal journal, Clock clock) {
    return new RowIds(clock, journal.id());
  }

  @Bean
  LedgerTables ledgerTables(DataSource source, Database database, IirProperties properties) {
    return new LedgerTables(
        source, database.isEmbedded() ? LedgerTables.FEW : properties.usage().batch());
  }

  @Bean
  LedgerWriter ledgerWriter(
      Journal journal,
      JournalDirectory directory,
      LedgerTables tables,
      IirProperties properties,
      UsageMeters meters) {
    LedgerWriter writer = new LedgerWriter(journal, directory, tables, properties.usage(), meters);
    meters.watch(writer::waiting, () -> writer.lag().toMillis() / 1e3);
    writer.start();
    return writer;
  }

  @Bean
  Retention usageRetention(LedgerTables tables, IirProperties properties, Clock clock) {
    Retention retention = new Retention(tables, properties.usage().retention(), clock);
    retention.start();
    return retention;
  }

  @Bean
  Spent spent(LedgerWriter writer, DataSource source, @Qualifier("blocking") Executor blocking) {
    return new LedgerSpent(writer, source, blocking);
  }
}
