package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Secret;
import io.iir.testing.PostgresServer;
import io.iir.testing.Vendor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Databases of older versions are brought up to date with all that they hold. */
class MigrationIT {

  private static final String ROWS = "select * from feedback order by key_id, request_id, model";
  private static final String JUDGED =
      """
      insert into feedback
        (key_id, request_id, at, model, category, complexity, classifier, score, source)
      values ('key_1', 'r1', 9, ?, 'math', 0.5, '1-ab', 1, 'judge')
      on conflict (key_id, request_id, model) do nothing
      """;

  @TempDir Path temp;

  private final String url = PostgresServer.shared().newDatabase();

  private DataSource open(Vendor vendor) {
    return switch (vendor) {
      case SQLITE -> SqliteDatabase.open(new DataDirectory(temp)).source();
      case POSTGRESQL ->
          PostgresDatabase.open(PostgresUrl.parse(Secret.of(url)), Duration.ZERO).source();
    };
  }

  private DataSource empty(Vendor vendor) {
    return switch (vendor) {
      case SQLITE -> SqliteDatabase.sqlite(temp.resolve(SqliteDatabase.FILE));
      case POSTGRESQL -> {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:" + url.replace("postgres://postgres:secret@", "postgresql://"));
        source.setUser("postgres");
        source.setPassword("secret");
        yield source;
      }
    };
  }

  private static Flyway upTo(String version, Vendor vendor, DataSource source) {
    return Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration/" + vendor.name().toLowerCase(Locale.ROOT))
        .target(version)
        .load();
  }

  @ParameterizedTest
  @EnumSource
  void feedbackOfAnswersIsKeptWhereModelsAreComparedFromNowOn(Vendor vendor) {
    DataSource old = empty(vendor);
    upTo("7", vendor, old).migrate();
    JdbcClient sql = JdbcClient.create(old);
    sql.sql(
            """
            insert into feedback (key_id, request_id, at, model, category, complexity, classifier,
              weak, strong, score, source, comment)
            values ('key_1', 'r1', 1, 'p/weak', 'math', 0.5, '1-ab', 'p/weak', 'p/strong', 0.25,
                'client', 'no'),
              ('key_1', 'r2', 2, 'p/weak', 'coding', 0.75, '1-ab', null, null, 0, 'retry', null),
              ('key_2', 'r1', 3, 'p/strong', 'math', 0.125, 'rules', null, null, 1, 'client', '')
            """)
        .update();
    List<Map<String, Object>> before = sql.sql(ROWS).query().listOfRows();
    assertThat(before).hasSize(3);

    JdbcClient now = JdbcClient.create(open(vendor));
    assertThat(now.sql(ROWS).query().listOfRows()).isEqualTo(before);
    assertThat(now.sql(JUDGED).param("p/weak").update()).isZero();
    assertThat(now.sql(JUDGED).param("p/strong").update()).isEqualTo(1);
    assertThat(now.sql(ROWS).query().listOfRows()).hasSize(4);
    assertThat(indexes(now, vendor)).contains("feedback_by_time").doesNotHaveDuplicates();
  }

  private static List<String> indexes(JdbcClient sql, Vendor vendor) {
    return sql.sql(
            vendor == Vendor.SQLITE
                ? "select name from sqlite_master where type = 'index' and tbl_name = 'feedback'"
                : "select indexname from pg_indexes where tablename = 'feedback'")
        .query(String.class)
        .list();
  }

  /** Flyway refuses a database that an older text of a script has changed: write a new script. */
  @ParameterizedTest
  @EnumSource
  void noScriptChanges(Vendor vendor) {
    List<Integer> checksums =
        Arrays.stream(upTo("9", vendor, empty(vendor)).info().all())
            .map(script -> script.getChecksum())
            .toList();
    assertThat(checksums)
        .isEqualTo(
            switch (vendor) {
              case SQLITE ->
                  List.of(
                      -364643352,
                      1766892180,
                      -1034127574,
                      429724932,
                      1929925305,
                      219342579,
                      -1322141266,
                      366633695,
                      1621366426);
              case POSTGRESQL ->
                  List.of(
                      -364643352,
                      1766892180,
                      -912801098,
                      429724932,
                      1929925305,
                      -1126198451,
                      -1322141266,
                      1647525920,
                      1412864825);
            });
  }
}
