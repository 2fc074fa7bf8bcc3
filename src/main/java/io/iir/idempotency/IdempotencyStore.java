package io.iir.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The requests with keys in the database, which all gateways on it share. Blocks. Thread-safe;
 * throws Spring's DataAccessException where the database cannot be used.
 */
public final class IdempotencyStore {

  /** A running request does not expire before, however short its answer is kept. */
  private static final Duration LEAST_RUNNING = Duration.ofMinutes(1);

  private static final int MANY = 500;
  private static final int TRIES = 5;
  private static final int PRUNED_AT_ONCE = 200;
  private static final int PORTIONS = 20;

  private final JdbcClient sql;
  private final Clock clock;
  private final Duration ttl;

  /** Requests in {@code database}, each for {@code ttl}. */
  public IdempotencyStore(DataSource database, Clock clock, Duration ttl) {
    this.sql = JdbcClient.create(database);
    this.clock = clock;
    this.ttl = ttl;
  }

  /**
   * Makes {@code run} the one that answers its request, unless another does or did.
   *
   * @param dead an attempt whose gateway is no more: its place is free
   * @param runs tells which attempts this gateway makes: the place of any other of its own is free
   */
  Look claim(RunId run, String fingerprint, @Nullable StoredRequest dead, Predicate<RunId> runs) {
    StoredRequest found = null;
    for (int i = 0; i < TRIES; i++) {
      if (insert(run, fingerprint) == 1) {
        return new Look.Mine();
      }
      found = select(run.request());
      if (found != null) {
        if (!isFree(found, run, dead, runs)) {
          return found;
        }
        if (takeOver(run, fingerprint, found) == 1) {
          return new Look.Mine();
        }
      }
    }
    return found == null ? new Look.Unavailable() : found;
  }

  private boolean isFree(
      StoredRequest found, RunId run, @Nullable StoredRequest dead, Predicate<RunId> runs) {
    boolean own = found.run().owner().equals(run.owner());
    if (own && found.isRunning()) {
      return found.run().equals(run) || !runs.test(found.run());
    }
    return found.expiresAt() <= clock.millis()
        || (found.isRunning() && dead != null && dead.isStill(found));
  }

  private int insert(RunId run, String fingerprint) {
    return statement(
            run,
            """
            insert into idempotency
              (id, fingerprint, state, owner, run, beat, expires_at)
            values (:id, :fingerprint, 'running', :owner, :run, 0, :expires)
            on conflict (id) do nothing
            """)
        .param("fingerprint", fingerprint)
        .param("expires", expiry())
        .update();
  }

  private int takeOver(RunId run, String fingerprint, StoredRequest before) {
    return statement(
            run,
            """
            update idempotency
            set fingerprint = :fingerprint, state = 'running', owner = :owner, run = :run, beat = 0,
              expires_at = :expires, status = null, content_type = null, provider = null,
              model = null, answer = null
            where id = :id and state = :state and owner = :before and run = :number and beat = :beat
            """)
        .param("fingerprint", fingerprint)
        .param("expires", expiry())
        .param("state", before.state())
        .param("before", before.run().owner())
        .param("number", before.run().number())
        .param("beat", before.beat())
        .update();
  }

  /** What is known of the requests {@code ids}, by their ids, without their answers. */
  Map<String, StoredRequest> find(List<String> ids) {
    Map<String, StoredRequest> found = new HashMap<>();
    for (int at = 0; at < ids.size(); at += MANY) {
      sql.sql(
              """
              select id, fingerprint, state, owner, run, beat, expires_at
              from idempotency where id in (:ids)
              """)
          .param("ids", ids.subList(at, Math.min(at + MANY, ids.size())))
          .query((row, number) -> request(row, null))
          .list()
          .forEach(each -> found.put(each.run().request(), each));
    }
    return found;
  }

  private @Nullable StoredRequest select(String id) {
    return sql.sql("select * from idempotency where id = :id")
        .param("id", id)
        .query(IdempotencyStore::whole)
        .optional()
        .orElse(null);
  }

  /** The request is answered, by {@code answer}, or by one that is too long to be kept: null. */
  void done(Run run, @Nullable KeptAnswer answer) {
    statement(
            run.id(),
            """
            insert into idempotency
              (id, fingerprint, state, owner, run, beat, expires_at,
               status, content_type, provider, model, answer)
            values (:id, :fingerprint, :state, :owner, :run, 0, :expires,
               :status, :type, :provider, :model, :answer)
            on conflict (id) do update set
              state = excluded.state, expires_at = excluded.expires_at,
              status = excluded.status, content_type = excluded.content_type,
              provider = excluded.provider, model = excluded.model, answer = excluded.answer
            where idempotency.owner = excluded.owner and idempotency.run = excluded.run
            """)
        .param("fingerprint", run.fingerprint())
        .param("state", answer == null ? StoredRequest.TOO_LONG : StoredRequest.DONE)
        .param("expires", clock.millis() + ttl.toMillis())
        .param("status", answer == null ? null : answer.status(), Types.INTEGER)
        .param("type", answer == null ? null : answer.contentType(), Types.VARCHAR)
        .param("provider", answer == null ? null : answer.provider(), Types.VARCHAR)
        .param("model", answer == null ? null : answer.model(), Types.VARCHAR)
        .param("answer", answer == null ? null : answer.body(), Types.BINARY)
        .update();
  }

  /** The attempt came to nothing: the request is as new. */
  void release(RunId run) {
    statement(
            run,
            """
            delete from idempotency
            where id = :id and owner = :owner and run = :run and state = 'running'
            """)
        .update();
  }

  /** The attempts that {@code owner} makes, as far as the database knows. */
  List<RunId> running(String owner) {
    return sql.sql("select id, run from idempotency where owner = :owner and state = 'running'")
        .param("owner", owner)
        .query((row, number) -> new RunId(row.getString("id"), owner, row.getLong("run")))
        .list();
  }

  /** Tells other gateways that {@code owner}, which answers requests, lives. */
  void beat(String owner) {
    sql.sql(
            """
            update idempotency
            set beat = beat + 1,
              expires_at = case when expires_at < :soon then :soon else expires_at end
            where owner = :owner and state = 'running'
            """)
        .param("owner", owner)
        .param("soon", clock.millis() + LEAST_RUNNING.toMillis())
        .update();
  }

  /** Forgets what is too old, or the most of it that is to be done in one go. */
  void prune() {
    int pruned = PRUNED_AT_ONCE;
    for (int i = 0; i < PORTIONS && pruned == PRUNED_AT_ONCE; i++) {
      pruned =
          sql.sql(
                  """
                  delete from idempotency where id in
                    (select id from idempotency where expires_at <= :now limit :most)
                  """)
              .param("now", clock.millis())
              .param("most", PRUNED_AT_ONCE)
              .update();
    }
  }

  /** When what is running now may be forgotten: not while it is, though answers live shorter. */
  private long expiry() {
    return clock.millis() + Math.max(ttl.toMillis(), LEAST_RUNNING.toMillis());
  }

  private JdbcClient.StatementSpec statement(RunId run, String text) {
    return sql.sql(text)
        .param("id", run.request())
        .param("owner", run.owner())
        .param("run", run.number());
  }

  private static StoredRequest request(ResultSet row, @Nullable KeptAnswer answer)
      throws SQLException {
    return new StoredRequest(
        new RunId(row.getString("id"), row.getString("owner"), row.getLong("run")),
        row.getString("fingerprint"),
        row.getString("state"),
        row.getLong("beat"),
        row.getLong("expires_at"),
        answer);
  }

  private static StoredRequest whole(ResultSet row, int number) throws SQLException {
    if (!row.getString("state").equals(StoredRequest.DONE)) {
      return request(row, null);
    }
    byte[] body = row.getBytes("answer");
    return request(
        row,
        new KeptAnswer(
            row.getInt("status"),
            row.getString("content_type"),
            row.getString("provider"),
            row.getString("model"),
            body == null ? new byte[0] : body));
  }
}
