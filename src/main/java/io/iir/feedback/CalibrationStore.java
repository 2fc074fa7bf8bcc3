package io.iir.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.feedback.Calibration.Outcome;
import io.iir.feedback.Calibration.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The versions of the calibration, in the database. Blocks. Thread-safe. */
final class CalibrationStore {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<PairCalibration>> PAIRS = new TypeReference<>() {};
  private static final int ATTEMPTS = 100;
  private static final int KEPT = 100;

  private static final String ACCEPTED =
      "from calibrations where outcome = 'accepted' and classifier = :classifier";

  private final JdbcClient sql;

  CalibrationStore(DataSource database) {
    this.sql = JdbcClient.create(database);
  }

  /** Keeps {@code made}; returns it with its number. The oldest are dropped. */
  Calibration add(Calibration made) {
    long number = insert(made);
    sql.sql("delete from calibrations where number <= :old").param("old", number - KEPT).update();
    return made.numbered(number);
  }

  /** The number may be taken by another gateway in the meantime: then the next one is. */
  private long insert(Calibration made) {
    for (int attempt = 1; ; attempt++) {
      try {
        return insertNext(made);
      } catch (DuplicateKeyException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private long insertNext(Calibration made) {
    return sql.sql(
            """
            insert into calibrations (number, at, source, author, outcome, classifier,
              quality_target, pairs)
            select coalesce(max(number), 0) + 1, :at, :source, :author, :outcome, :classifier,
              :target, :pairs
            from calibrations where true
            returning number
            """)
        .param("at", made.at().toEpochMilli())
        .param("source", word(made.source()))
        .param("author", made.author())
        .param("outcome", word(made.outcome()))
        .param("classifier", made.classifier())
        .param("target", made.target())
        .param("pairs", json(List.copyOf(made.byPair().values())))
        .query(Long.class)
        .single();
  }

  /** The newest {@code most} versions, the newest first. */
  List<Calibration> list(int most) {
    return sql.sql("select * from calibrations order by number desc limit :most")
        .param("most", most)
        .query(CalibrationStore::version)
        .list();
  }

  /** The number of the version in use for {@code classifier}'s complexities; 0: none is. */
  long liveNumber(String classifier) {
    return sql.sql("select coalesce(max(number), 0) " + ACCEPTED)
        .param("classifier", classifier)
        .query(Long.class)
        .single();
  }

  /** The version in use for {@code classifier}'s complexities, the newest; null: none is. */
  @Nullable Calibration live(String classifier) {
    return sql.sql("select * " + ACCEPTED + " order by number desc limit 1")
        .param("classifier", classifier)
        .query(CalibrationStore::version)
        .optional()
        .orElse(null);
  }

  /** Whether the newest version for {@code classifier}'s complexities was taken back. */
  boolean isRolledBack(String classifier) {
    return sql.sql(
            "select outcome from calibrations where classifier = :classifier"
                + " order by number desc limit 1")
        .param("classifier", classifier)
        .query(String.class)
        .optional()
        .filter(word(Outcome.ROLLED_BACK)::equals)
        .isPresent();
  }

  /** Takes the version in use for {@code classifier}'s complexities back; false: none is. */
  boolean rollBack(String classifier) {
    boolean done = rollBackOnce(classifier);
    while (!done && liveNumber(classifier) > 0) { // another gateway took that one back meanwhile
      done = rollBackOnce(classifier);
    }
    return done;
  }

  private boolean rollBackOnce(String classifier) {
    return sql.sql(
                "update calibrations set outcome = 'rolled_back' where number = (select max(number)"
                    + " "
                    + ACCEPTED
                    + ") and outcome = 'accepted'")
            .param("classifier", classifier)
            .update()
        > 0;
  }

  /**
   * Takes the turn to refit if nobody has since {@code due}: of gateways that ask at once, one
   * does.
   */
  boolean takeTurn(Instant now, Instant due) {
    return sql.sql(
                """
                insert into calibration_turn (id, at) values (1, :now)
                on conflict (id) do update set at = excluded.at where calibration_turn.at <= :due
                """)
            .param("now", now.toEpochMilli())
            .param("due", due.toEpochMilli())
            .update()
        > 0;
  }

  private static Calibration version(ResultSet row, int number) throws SQLException {
    return new Calibration(
        row.getLong("number"),
        Instant.ofEpochMilli(row.getLong("at")),
        Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
        row.getString("author"),
        Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
        row.getString("classifier"),
        row.getDouble("quality_target"),
        Calibration.byPair(pairs(row.getString("pairs"))));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String json(List<PairCalibration> pairs) {
    try {
      return JSON.writeValueAsString(pairs);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<PairCalibration> pairs(String json) {
    try {
      return JSON.readValue(json, PAIRS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the table calibrations holds a broken list", e);
    }
  }
}
