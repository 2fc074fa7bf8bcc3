package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.iir.config.StartException;
import io.iir.store.Recovery.Copied;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.sqlite.SQLiteDataSource;

/**
 * A database that is whole is opened; one that is not is set aside, and what can be read is kept.
 */
class SqliteDatabaseTest {

  private static final int KEYS = 2000;
  private static final int PAGE = 4096;

  @TempDir Path temp;

  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("iir.db");
  }

  private Database open() {
    return SqliteDatabase.open(new DataDirectory(temp));
  }

  private Recovery recovered() {
    return Objects.requireNonNull(open().recovery(), "not found to be damaged");
  }

  private static long count(Database database, String table) {
    return JdbcClient.create(database.source())
        .sql("select count(*) from " + table)
        .query(Long.class)
        .single();
  }

  /** A database with many keys, a setting and some texts of a rule. */
  private void fill() {
    JdbcClient sql = JdbcClient.create(open().source());
    sql.sql(
            """
            with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
            insert into api_keys (id, name, key_hash, prefix, models, tags, created_at)
            select 'key_' || i, 'name ' || i, 'hash ' || i, 'sk', '[]',
              '{"a":"' || hex(zeroblob(100)) || '"}', i from n
            """)
        .param(KEYS)
        .update();
    sql.sql("insert into settings values ('admin_key_sha256', 'abc')").update();
    for (int i = 1; i <= 30; i++) {
      sql.sql(
              """
              insert into rule_versions (rule, number, file, hash, text, at, source, outcome, problems)
              values ('r', ?, 'f', 'h', 't', 1, 'file', 'accepted', '[]')
              """)
          .param(i)
          .update();
    }
  }

  private void overwrite(long from, long length, int value) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] rubbish = new byte[(int) length];
      Arrays.fill(rubbish, (byte) value);
      bytes.seek(from);
      bytes.write(rubbish);
    }
  }

  private List<Path> aside() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.filter(each -> each.getFileName().toString().contains(".corrupt-")).toList();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }

  @Test
  void oneThatIsWholeIsOpened() throws Exception {
    fill();
    assertThat(open().recovery()).isNull();
    assertThat(count(open(), "api_keys")).isEqualTo(KEYS);
    assertThat(aside()).isEmpty();
  }

  @Test
  void oneThatWasNotClosedIsWhole() throws Exception {
    fill();
    Database first = open();
    Path second = Files.createDirectory(temp.resolve("second"));
    try (var connection = first.source().getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate("insert into settings values ('ahead', 'of it')");
      Files.copy(file, second.resolve("iir.db"));
      Files.copy(temp.resolve("iir.db-wal"), second.resolve("iir.db-wal"));
    }
    Database copy = SqliteDatabase.open(new DataDirectory(second));
    assertThat(copy.recovery()).isNull();
    assertThat(count(copy, "settings")).isEqualTo(2);
  }

  @Test
  void oneOfAnOlderVersionIsBroughtUpToDate() {
    SQLiteDataSource old = new SQLiteDataSource();
    old.setUrl("jdbc:sqlite:" + file);
    Flyway.configure()
        .dataSource(old)
        .locations("classpath:db/migration/sqlite")
        .target("2")
        .load()
        .migrate();
    JdbcClient sql = JdbcClient.create(old);
    sql.sql(
            """
            insert into api_keys (id, name, key_hash, prefix, models, tags, created_at)
            values ('key_1', 'n', 'h', 'sk', '[]', '{}', 1)
            """)
        .update();
    sql.sql(
            """
            insert into rule_versions (rule, number, file, hash, text, at, source, outcome, problems)
            values ('r', 1, 'f', 'h', 't', 1, 'file', 'accepted', '[]')
            """)
        .update();

    Database database = open();
    assertThat(database.recovery()).isNull();
    assertThat(count(database, "api_keys")).isEqualTo(1);
    assertThat(count(database, "rule_versions")).isEqualTo(1);
    assertThat(count(database, "registry_models")).isZero();
  }

  @Test
  void oneOfANewerVersionIsRefusedAndLeftAlone() throws Exception {
    fill();
    newer();
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(this::open)
        .withMessageContaining("was written by a newer version of the gateway");
    assertThat(aside()).isEmpty();
  }

  private void newer() {
    JdbcClient.create(open().source())
        .sql(
            """
            insert into flyway_schema_history
              (installed_rank, version, description, type, script, installed_by, execution_time, success)
            values (99, '99', 'later', 'SQL', 'V99__later.sql', 'x', 1, true)
            """)
        .update();
  }

  @Test
  void whatCannotBeOpenedIsNotCalledDamaged() throws Exception {
    Files.createDirectory(file);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(this::open)
        .withMessageContaining("cannot be used");
    assertThat(aside()).isEmpty();
  }

  @Test
  void aTextFileIsSetAside() throws Exception {
    String text = "not a database, but long enough ".repeat(100);
    Files.writeString(file, text);
    Recovery recovery = recovered();
    assertThat(recovery.sentence())
        .contains("was damaged", "not a database", "rows recovered: none", "Not all could be read");
    assertThat(aside()).containsExactly(recovery.aside());
    assertThat(recovery.aside()).hasContent(text);
    assertThat(recovery.aside().getFileName().toString())
        .matches("iir\\.db\\.corrupt-\\d{8}T\\d{6}Z");
    assertThat(open().recovery()).isNull();
  }

  @Test
  void anEmptyFileIsSetAside() throws Exception {
    Files.createFile(file);
    assertThat(recovered().sentence()).contains("it is empty", "rows recovered: none");
    assertThat(count(open(), "api_keys")).isZero();
    Files.delete(file);
    assertThat(open().recovery()).as("the first start").isNull();
  }

  @Test
  void aFailedSalvageLeavesTheDamagedOneWhereItWas() throws Exception {
    fill();
    JdbcClient sql = JdbcClient.create(open().source());
    sql.sql("drop table settings").update();
    sql.sql("create table settings (name text primary key, value text) without rowid").update();
    overwrite(Files.size(file) / PAGE / 2 * PAGE, 3 * PAGE, 0x5a);
    byte[] damaged = Files.readAllBytes(file);
    for (int start = 1; start <= 2; start++) {
      assertThatExceptionOfType(StartException.class)
          .as("start " + start)
          .isThrownBy(this::open)
          .withMessageContaining("is damaged")
          .withMessageContaining("could not be copied into a new one");
      assertThat(file).hasBinaryContent(damaged);
      assertThat(names()).containsExactly("iir.db");
    }
  }

  @Test
  void whatAnInterruptedStartLeftIsTakenAway() throws Exception {
    Files.writeString(temp.resolve("iir.db.new"), "half-built");
    Files.writeString(temp.resolve("iir.db.new-wal"), "half-built");
    Path work = Files.createDirectory(temp.resolve(".salvage123"));
    Files.writeString(work.resolve("damaged.db"), "half-copied");
    assertThat(open().recovery()).isNull();
    assertThat(names()).containsExactly("iir.db");
  }

  @Test
  void aSalvageThatLackedOnlyItsPlaceIsPutThere() throws Exception {
    fill();
    Files.move(file, temp.resolve("iir.db.salvaged"));
    Files.writeString(temp.resolve("iir.db-wal"), "the damaged one's");
    assertThat(count(open(), "api_keys")).isEqualTo(KEYS);
    assertThat(aside()).singleElement().asString().endsWith("-wal");
    assertThat(open().recovery()).isNull();
  }

  @Test
  void whatWasWrittenAheadOfALostFileIsKept() throws Exception {
    fill();
    Path second = Files.createDirectory(temp.resolve("second"));
    Path third = Files.createDirectory(temp.resolve("third"));
    try (var connection = open().source().getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate("update api_keys set name = 'other'");
      statement.executeUpdate("insert into settings values ('ahead', 'of it')");
      Files.copy(temp.resolve("iir.db-wal"), second.resolve("iir.db-wal"));
      Files.copy(temp.resolve("iir.db-wal"), third.resolve("iir.db-wal"));
    }
    Files.createFile(third.resolve("iir.db"));
    for (Path each : List.of(second, third)) {
      Recovery recovery =
          Objects.requireNonNull(SqliteDatabase.open(new DataDirectory(each)).recovery());
      assertThat(recovery.sentence()).containsAnyOf("it is missing", "it is empty");
      assertThat(recovery.aside().resolveSibling(recovery.aside().getFileName() + "-wal"))
          .isNotEmptyFile();
      assertThat(SqliteDatabase.open(new DataDirectory(each)).recovery()).isNull();
    }
  }

  @Test
  void aDamagedOneOfANewerVersionIsRefusedAndLeftAlone() throws Exception {
    fill();
    newer();
    overwrite(Files.size(file) / PAGE / 2 * PAGE, 3 * PAGE, 0x5a);
    byte[] damaged = Files.readAllBytes(file);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(this::open)
        .withMessageContaining("was written by a newer version of the gateway")
        .withMessageContaining("version 99");
    assertThat(file).hasBinaryContent(damaged);
    assertThat(names()).containsExactly("iir.db");
  }

  @Test
  void aTableThatIsNotKnownIsToldOf() throws Exception {
    fill();
    JdbcClient.create(open().source()).sql("create table notes (note text)").update();
    overwrite(0, 100, 0);
    assertThat(recovered().sentence()).contains("Not all could be read of: notes.");
  }

  @Test
  void aLostHeaderLosesNoRow() throws Exception {
    fill();
    overwrite(0, 100, 0);
    Recovery recovery = recovered();
    assertThat(recovery.tables())
        .containsEntry("api_keys", new Copied(KEYS, true))
        .containsEntry("settings", new Copied(1, true))
        .containsEntry("rule_versions", new Copied(30, true));
    assertThat(recovery.sentence()).contains("api_keys 2000", "All that it held was recovered");
    assertThat(count(open(), "api_keys")).isEqualTo(KEYS);
  }

  @Test
  void aLostListOfTablesLosesAllAndSaysSo() throws Exception {
    fill();
    overwrite(0, PAGE, 0);
    assertThat(recovered().sentence())
        .contains("rows recovered: none", "Not all could be read of: api_keys, audit_log");
    assertThat(count(open(), "api_keys")).isZero();
  }

  @Test
  void rowsAroundTheDamageAreKept() throws Exception {
    fill();
    long pages = Files.size(file) / PAGE;
    overwrite(pages / 2 * PAGE, 3 * PAGE, 0x5a);
    Recovery recovery = recovered();
    Copied keys = Objects.requireNonNull(recovery.tables().get("api_keys"));
    assertThat(keys.rows()).isBetween(KEYS / 2L, KEYS - 1L);
    assertThat(keys.whole()).isFalse();
    assertThat(recovery.tables()).containsEntry("settings", new Copied(1, true));
    assertThat(recovery.sentence())
        .contains("api_keys " + keys.rows(), "Not all could be read of: api_keys.");
    assertThat(count(open(), "api_keys")).isEqualTo(keys.rows());
    assertThat(open().recovery()).isNull();
  }

  @Test
  void whatIsLeftOfACutFileIsKept() throws Exception {
    fill();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(bytes.length() / 2 / PAGE * PAGE);
    }
    Recovery recovery = recovered();
    assertThat(Objects.requireNonNull(recovery.tables().get("api_keys")).rows())
        .isBetween(1L, KEYS - 1L);
    assertThat(recovery.tables()).containsEntry("settings", new Copied(1, true));
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files).noneMatch(each -> each.getFileName().toString().startsWith(".salvage"));
    }
  }

  /** The driver takes a transaction that could not begin for begun, and fails each end of one. */
  @Test
  void aConnectionWhoseTransactionCouldNotBeginIsNotUsedAgain() throws SQLException {
    Database database = open();
    SQLiteDataSource source = (SQLiteDataSource) database.source();
    source.setBusyTimeout(1);
    HikariConfig settings = database.pool();
    settings.setMaximumPoolSize(1);
    settings.setDataSource(source);
    try (HikariDataSource pool = new HikariDataSource(settings)) {
      try (Connection writer = source.getConnection();
          Connection waiting = pool.getConnection()) {
        writer.setAutoCommit(false);
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> waiting.setAutoCommit(false))
            .withMessageContaining("SQLITE_BUSY");
      }
      try (Connection next = pool.getConnection();
          Statement insert = next.createStatement()) {
        next.setAutoCommit(false);
        insert.executeUpdate("insert into settings values ('a', 'b')");
        next.commit();
      }
    }
    assertThat(count(database, "settings")).isEqualTo(1);
  }
}
