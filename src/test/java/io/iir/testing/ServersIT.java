package io.iir.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ServersIT {

  @Test
  void redisLosesWhatWasNotSaved() {
    try (RedisServer redis = RedisServer.start()) {
      redis.ask("SET", "a", "1");
      redis.save();
      redis.ask("SET", "b", "2");
      redis.kill();
      redis.restart();
      assertThat(redis.ask("MGET", "a", "b")).isEqualTo("[1, nil]");
      redis.fill();
      assertThatThrownBy(() -> redis.ask("SET", "c", "3")).hasMessageStartingWith("OOM");
      redis.unfill();
      redis.pause();
      redis.resume();
      assertThat(redis.ask("SET", "c", "3")).isEqualTo("OK");
    }
  }

  @Test
  void postgresKeepsWhatWasCommitted() throws SQLException {
    try (PostgresServer postgres = PostgresServer.start()) {
      String url = jdbc(postgres.newDatabase());
      execute(url, "create table t (x int)");
      postgres.kill();
      assertThatThrownBy(() -> execute(url, "select 1")).isInstanceOf(SQLException.class);
      postgres.restart();
      postgres.pause();
      postgres.resume();
      execute(url, "insert into t values (1)");
    }
  }

  private static String jdbc(String url) {
    return "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1);
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "postgres", "secret")) {
      connection.createStatement().execute(sql);
    }
  }
}
