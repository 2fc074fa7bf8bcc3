package io.iir.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The requests with keys in the database, which all gateways on it share. Blocks, and has few
 * statements run at a time, so that others get connections too. Thread-safe; throws Spring's
 * DataAccessException where the database cannot be used.
 */
public final class IdempotencyStore {

  private static final int AT_ONCE = 2;
  private static final int TRIES = 5;
  private static final int PRUNED_AT_ONCE = 200;

  private final JdbcClient sql;
  private final Clock clock;
  private final Duration ttl;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

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
   */
  Look claim(RunId run, String fingerprint, @Nullable StoredRequest dead) {
    return inTurn(() -> {
      StoredRequest found = null;
      for (int i = 0; i < TRIES; i++) {
        if (insert(run, fingerprint) == 1) {
          return new Look.Mine();
        }
        found = select(run.request());
        if (found != null) {
          if (!isFree(found, run, dead)) {
            return found;
          }
          if (takeOver(run, fingerprint, found) == 1) {
            return new Look.Mine();
          }
        }
      }
      return found == null ? new Look.Unavailable() : found;
    });
  }

  /** This gateway runs no other attempt at it: one of its own is left over. */
  private boolean isFree(StoredRequest found, RunId run, @Nullable StoredRequest dead) {
    return found.expiresAt() <= clock.millis()
        || (found.isRunning()
            && (found.run().owner().equals(run.owner()) || (dead != null && dead.isStill(found))));
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
        .param("expires", clock.millis() + ttl.toMillis())
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
        .param("expires", clock.millis() + ttl.toMillis())
        .param("state", before.state())
        .param("before", before.run().owner())
        .param("number", before.run().number())
        .param("beat", before.beat())
        .update();
  }

  /** What is known of the request {@code id}; null: nothing. */
  @Nullable StoredRequest find(String id) {
    return this.<@Nullable StoredRequest>inTurn(() -> select(id));
  }

  private @Nullable StoredRequest select(String id) {
    return sql.sql("select * from idempotency where id = :id")
        .param("id", id)
        .query(IdempotencyStore::request)
        .optional()
        .orElse(null);
  }

  /** The request is answered, by {@code answer}, or by one that is too long to be kept: null. */
  void done(Run run, @Nullable KeptAnswer answer) {
    inTurn(() ->
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
            .update());
  }

  /** The attempt came to nothing: the request is as new. */
  void release(RunId run) {
    inTurn(() ->
        statement(
                run,
                """
                delete from idempotency
                where id = :id and owner = :owner and run = :run and state = 'running'
                """)
            .update());
  }

  /** Tells other gateways that {@code owner}, which answers requests, lives. */
  void beat(String owner) {
    inTurn(() ->
        sql.sql("update idempotency set beat = beat + 1 where owner = :owner and state = 'running'")
            .param("owner", owner)
            .update());
  }

  /** Forgets what is too old. */
  void prune() {
    int pruned;
    do {
      pruned =
          inTurn(() ->
              sql.sql(
                      """
                      delete from idempotency where id in
                        (select id from idempotency where expires_at <= :now limit :most)
                      """)
                  .param("now", clock.millis())
                  .param("most", PRUNED_AT_ONCE)
                  .update());
    } while (pruned == PRUNED_AT_ONCE);
  }

  private JdbcClient.StatementSpec statement(RunId run, String text) {
    return sql.sql(text)
        .param("id", run.request())
        .param("owner", run.owner())
        .param("run", run.number());
  }

  private <T extends @Nullable Object> T inTurn(Supplier<T> statements) {
    turns.acquireUninterruptibly();
    try {
      return statements.get();
    } finally {
      turns.release();
    }
  }

  private static StoredRequest request(ResultSet row, int number) throws SQLException {
    String state = row.getString("state");
    byte[] body = row.getBytes("answer");
    return new StoredRequest(
        new RunId(row.getString("id"), row.getString("owner"), row.getLong("run")),
        row.getString("fingerprint"),
        state,
        row.getLong("beat"),
        row.getLong("expires_at"),
        state.equals(StoredRequest.DONE)
            ? new KeptAnswer(
                row.getInt("status"),
                row.getString("content_type"),
                row.getString("provider"),
                row.getString("model"),
                body == null ? new byte[0] : body)
            : null);
  }
}
