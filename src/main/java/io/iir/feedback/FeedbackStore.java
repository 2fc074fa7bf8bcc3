package io.iir.feedback;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Scores of answers, and the ledger's rows that they are about. Blocks. Thread-safe. */
final class FeedbackStore {

  /** Of so many of a model's newest events its curve is made. */
  static final int MOST_EVENTS = 10_000;

  /** So many of these one key may have: none is to speak for all. */
  static final int MOST_OF_A_KEY = MOST_EVENTS / 5;

  /** Of so many of the newest requests the picture of the traffic is made. */
  private static final int MOST_TRAFFIC = 200_000;

  static final String FIND =
      """
      select request_id, key_id, model, category, complexity, classifier, weak, strong
      from usage_ledger
      where key_id = :key and request_id = :request and complexity is not null
        and at >= :since and model is not null and status < 400
      order by at desc limit 1
      """;

  private static final String KEEP =
      "insert into feedback (key_id, request_id, at, model, category, complexity, classifier,"
          + " weak, strong, score, source) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " on conflict (key_id, request_id, model) do nothing";

  private final JdbcClient sql;
  private final JdbcTemplate batches;

  FeedbackStore(DataSource database) {
    this.sql = JdbcClient.create(database);
    this.batches = new JdbcTemplate(database);
  }

  /**
   * The answer that the key {@code keyId} got by {@code requestId}, the newest since {@code since};
   * null: there is none.
   */
  @Nullable Served find(String keyId, String requestId, Instant since) {
    return sql.sql(FIND)
        .param("request", requestId)
        .param("key", keyId)
        .param("since", since.toEpochMilli())
        .query(FeedbackStore::served)
        .optional()
        .orElse(null);
  }

  private static Served served(ResultSet row, int number) throws SQLException {
    return new Served(
        row.getString("key_id"),
        row.getString("request_id"),
        row.getString("model"),
        row.getString("category"),
        row.getDouble("complexity"),
        row.getString("classifier"),
        pair(row));
  }

  private static @Nullable Pair pair(ResultSet row) throws SQLException {
    String weak = row.getString("weak");
    String strong = row.getString("strong");
    return weak == null || strong == null ? null : new Pair(weak, strong);
  }

  /** Keeps what its client says of {@code served}, in the place of what it said before. */
  void put(Served served, double score, @Nullable String comment, Instant at) {
    Pair pair = served.pair();
    sql.sql(
            """
            insert into feedback (key_id, request_id, at, model, category, complexity, classifier,
              weak, strong, score, source, comment)
            values (:key, :request, :at, :model, :category, :complexity, :classifier, :weak,
              :strong, :score, 'client', :comment)
            on conflict (key_id, request_id, model) do update set at = excluded.at,
              category = excluded.category, complexity = excluded.complexity,
              classifier = excluded.classifier, weak = excluded.weak, strong = excluded.strong,
              score = excluded.score, source = excluded.source, comment = excluded.comment
            """)
        .param("key", served.keyId())
        .param("request", served.requestId())
        .param("at", at.toEpochMilli())
        .param("model", served.model())
        .param("category", served.category())
        .param("complexity", served.complexity())
        .param("classifier", served.classifier())
        .param("weak", pair == null ? null : pair.weak())
        .param("strong", pair == null ? null : pair.strong())
        .param("score", score)
        .param("comment", comment)
        .update();
  }

  /**
   * Keeps that their clients tried again elsewhere after {@code answers}, where nothing is known of
   * those; of how many that is.
   */
  int failed(List<Served> answers, long atMillis) {
    return keep(
        answers.stream().map(served -> new Score(served, 0)).toList(), Scorer.RETRY, atMillis);
  }

  /** Keeps what {@code scorer} says of answers of which nothing is known; of how many that is. */
  int keep(List<Score> scores, Scorer scorer, long atMillis) {
    List<Object[]> rows = new ArrayList<>(scores.size());
    for (Score each : scores) {
      Served served = each.served();
      Pair pair = served.pair();
      rows.add(
          new Object[] {
            served.keyId(),
            served.requestId(),
            atMillis,
            served.model(),
            served.category(),
            served.complexity(),
            served.classifier(),
            pair == null ? null : pair.weak(),
            pair == null ? null : pair.strong(),
            each.score(),
            scorer.word()
          });
    }
    return (int) Arrays.stream(batches.batchUpdate(KEEP, rows)).filter(kept -> kept == 1).count();
  }

  /**
   * The newest events of each model since {@code since}, of requests whose complexity {@code
   * classifier} told.
   */
  List<Event> events(Instant since, String classifier) {
    return sql.sql(
            """
            select model, complexity, score, weak, strong from
              (select by_key.*,
                row_number() over (partition by model order by at desc, request_id) as place
              from
                (select feedback.*, row_number()
                  over (partition by model, key_id order by at desc, request_id) as place_of_key
                from feedback where at >= :since and classifier = :classifier) by_key
              where place_of_key <= :most_of_a_key) by_model
            where place <= :most order by at desc, request_id
            """)
        .param("classifier", classifier)
        .param("most_of_a_key", MOST_OF_A_KEY)
        .param("since", since.toEpochMilli())
        .param("most", MOST_EVENTS)
        .query((row, number) ->
            new Event(
                row.getString("model"),
                row.getDouble("complexity"),
                row.getDouble("score"),
                pair(row)))
        .list();
  }

  /** How many events there are. */
  long count() {
    return sql.sql("select count(*) from feedback").query(Long.class).single();
  }

  /** Deletes up to {@code most} of the oldest events from before {@code before}; how many. */
  int prune(Instant before, int most) {
    return sql.sql(
            """
            delete from feedback where (key_id, request_id, model) in
              (select key_id, request_id, model from feedback where at < :before
              order by at limit :most)
            """)
        .param("before", before.toEpochMilli())
        .param("most", most)
        .update();
  }

  /**
   * The complexities of the newest requests that were a choice between two models, as {@code
   * classifier} told them.
   */
  Map<Pair, List<Double>> traffic(String classifier) {
    Map<Pair, List<Double>> found = new HashMap<>();
    sql.sql(
            """
            select weak, strong, complexity from
              (select weak, strong, complexity, classifier from usage_ledger
              order by id desc limit :most) newest
            where weak is not null and strong is not null and classifier = :classifier
            """)
        .param("classifier", classifier)
        .param("most", MOST_TRAFFIC)
        .query(row -> {
          Pair pair = new Pair(row.getString("weak"), row.getString("strong"));
          found.computeIfAbsent(pair, none -> new ArrayList<>()).add(row.getDouble("complexity"));
        });
    return found;
  }

  /** How many requests of each category there were from the day {@code from} to {@code to}. */
  Map<String, Long> categories(LocalDate from, LocalDate to) {
    Map<String, Long> found = new LinkedHashMap<>();
    sql.sql(
            """
            select category, cast(sum(requests) as bigint) as requests from category_daily
            where day >= :from and day <= :to group by category order by category
            """)
        .param("from", from.toString())
        .param("to", to.toString())
        .query(row -> {
          found.put(row.getString("category"), row.getLong("requests"));
        });
    return found;
  }
}
