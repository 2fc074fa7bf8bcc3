package io.iir.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.rules.RuleVersion.Outcome;
import io.iir.rules.RuleVersion.Source;
import io.iir.rules.language.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The texts that rules had, in the database: what a restart finds its last good rules by. Blocks.
 * Thread-safe.
 */
public final class RuleStore {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<Problem>> PROBLEMS = new TypeReference<>() {};
  private static final int ATTEMPTS = 100;
  private static final String SELECT = "select * from rule_versions where rule = :rule ";

  private final JdbcClient sql;
  private final int kept;

  /** Texts in {@code database}, the newest {@code kept} of each rule. */
  public RuleStore(DataSource database, int kept) {
    this.sql = JdbcClient.create(database);
    this.kept = kept;
  }

  /** Keeps a text; returns it with its number. The oldest beyond what is kept are dropped. */
  RuleVersion add(RuleVersion version) {
    long number = insert(version);
    sql.sql(
            """
            delete from rule_versions
            where rule = :rule and number <= :old and number <> coalesce(
              (select max(number) from rule_versions where rule = :rule and outcome = 'accepted'), 0)
            """)
        .param("rule", version.rule())
        .param("old", number - kept)
        .update();
    return version.numbered(number);
  }

  /** The number may be taken by another gateway in the meantime: then the next one is. */
  private long insert(RuleVersion version) {
    for (int attempt = 1; ; attempt++) {
      try {
        return insertNext(version);
      } catch (DuplicateKeyException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private long insertNext(RuleVersion version) {
    return sql.sql(
            """
            insert into rule_versions
              (rule, number, file, hash, text, at, source, outcome, author, problems)
            select :rule, coalesce(max(number), 0) + 1, :file, :hash, :text, :at, :source,
              :outcome, :author, :problems
            from rule_versions where rule = :rule
            returning number
            """)
        .param("rule", version.rule())
        .param("file", version.file())
        .param("hash", version.hash())
        .param("text", version.text())
        .param("at", version.at().toEpochMilli())
        .param("source", word(version.source()))
        .param("outcome", word(version.outcome()))
        .param("author", version.author())
        .param("problems", json(version.problems()))
        .query(Long.class)
        .single();
  }

  /** The newest texts of a rule, the newest first. */
  public List<RuleVersion> list(String rule, int most) {
    return sql.sql(SELECT + "order by number desc limit :most")
        .param("rule", rule)
        .param("most", most)
        .query(RuleStore::version)
        .list();
  }

  /** The newest text that was used and not taken back; null if there is none. */
  @Nullable RuleVersion lastGood(String rule) {
    return sql.sql(SELECT + "and outcome = 'accepted' order by number desc limit 1")
        .param("rule", rule)
        .query(RuleStore::version)
        .optional()
        .orElse(null);
  }

  /** The newest text that was used and not taken back, other than {@code hash}; null: none. */
  @Nullable RuleVersion lastGoodBut(String rule, String hash) {
    return sql.sql(
            SELECT + "and outcome = 'accepted' and hash <> :hash order by number desc limit 1")
        .param("rule", rule)
        .param("hash", hash)
        .query(RuleStore::version)
        .optional()
        .orElse(null);
  }

  /** Why that text was taken back, if that was the last thing that became of it; else null. */
  @Nullable List<Problem> whyRolledBack(String rule, String hash) {
    return sql.sql(SELECT + "and hash = :hash order by number desc limit 1")
        .param("rule", rule)
        .param("hash", hash)
        .query(RuleStore::version)
        .optional()
        .filter(version -> version.outcome() == Outcome.ROLLED_BACK)
        .map(RuleVersion::problems)
        .orElse(null);
  }

  /** The rules that had a text which was used. */
  Set<String> rules() {
    return Set.copyOf(
        sql.sql("select distinct rule from rule_versions where outcome <> 'refused'")
            .query(String.class)
            .list());
  }

  /** Notes that a text was taken back, and why; returns how often it had been used. */
  int rollBack(String rule, String hash, List<Problem> why) {
    return sql.sql(
            """
            update rule_versions set outcome = 'rolled_back', problems = :problems
            where rule = :rule and hash = :hash and outcome = 'accepted'
            """)
        .param("rule", rule)
        .param("hash", hash)
        .param("problems", json(why))
        .update();
  }

  private static RuleVersion version(ResultSet row, int number) throws SQLException {
    return new RuleVersion(
        row.getString("rule"),
        row.getLong("number"),
        row.getString("file"),
        row.getString("hash"),
        row.getString("text"),
        Instant.ofEpochMilli(row.getLong("at")),
        Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
        Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
        row.getString("author"),
        problems(row.getString("problems")));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String json(List<Problem> problems) {
    try {
      return JSON.writeValueAsString(problems);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Problem> problems(String json) {
    try {
      return JSON.readValue(json, PROBLEMS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the table rule_versions holds a broken list", e);
    }
  }
}
