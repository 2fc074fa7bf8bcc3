package io.iir.management;

import io.iir.jmx.About;
import java.util.Map;

/** What JMX shows of the ledger of what requests used: {@code io.iir:type=Ledger}. */
@About("The ledger of what requests used, and the database that it is in")
public interface LedgerMXBean {

  /** Rows by outcome. */
  @About("Rows by what became of them: written, known (there already), lost")
  Map<String, Long> getRows();

  /** Rows that wait. */
  @About("How many rows wait to be written")
  long getWaiting();

  /** For how long. */
  @About("For how many seconds they have waited")
  double getLagSeconds();

  /** The database. */
  @About("The database: sqlite or postgresql")
  String getDatabase();

  /** Whether it answers. */
  @About("Whether the database answers")
  boolean isDatabaseUp();
}
