package io.iir.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.flow.engine.RouteTable.Match;
import java.util.Map;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final RouteTable table = new RouteTable();

  @BeforeEach
  void start() {
    camel.getRegistry().bind("platform-http-engine", new NettyHttpEngine(0));
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private NettyHttpConsumer add(String uri) {
    PlatformHttpEndpoint endpoint =
        camel.getEndpoint("platform-http:" + uri, PlatformHttpEndpoint.class);
    NettyHttpConsumer consumer = new NettyHttpConsumer(endpoint, exchange -> {}, table);
    table.add(consumer);
    return consumer;
  }

  @Test
  void findsAFixedPathByItsMethod() {
    NettyHttpConsumer list = add("/keys?httpMethodRestrict=GET");
    NettyHttpConsumer create = add("/keys?httpMethodRestrict=POST");

    assertThat(table.find("GET", "/keys")).isEqualTo(new Match.Found(list, Map.of()));
    assertThat(table.find("POST", "/keys")).isEqualTo(new Match.Found(create, Map.of()));
  }

  @Test
  void answersHeadWhereGetIs() {
    NettyHttpConsumer list = add("/keys?httpMethodRestrict=GET");
    add("/chat?httpMethodRestrict=POST");

    assertThat(table.find("HEAD", "/keys")).isEqualTo(new Match.Found(list, Map.of()));
    assertThat(table.find("HEAD", "/chat")).isEqualTo(new Match.WrongMethod("POST"));
  }

  @Test
  void tellsWhichMethodsThereAre() {
    add("/keys?httpMethodRestrict=GET");
    add("/keys?httpMethodRestrict=POST");
    add("/keys/{id}?httpMethodRestrict=PATCH, delete");

    assertThat(table.find("PUT", "/keys")).isEqualTo(new Match.WrongMethod("GET, HEAD, POST"));
    assertThat(table.find("GET", "/keys/1")).isEqualTo(new Match.WrongMethod("DELETE, PATCH"));
  }

  @Test
  void takesTheUsualMethodsWhereNoneIsNamed() {
    NettyHttpConsumer any = add("/any");

    assertThat(table.find("PATCH", "/any")).isEqualTo(new Match.Found(any, Map.of()));
    assertThat(table.find("TRACE", "/any"))
        .isEqualTo(new Match.WrongMethod("DELETE, GET, HEAD, PATCH, POST, PUT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "", "/keys/", "//keys", "/Keys", "/keys/1/2", "/keys%2f1", "/../keys"})
  void findsNothingElsewhere(String path) {
    add("/keys?httpMethodRestrict=GET");
    add("/keys/{id}?httpMethodRestrict=GET");

    assertThat(table.find("GET", path)).isEqualTo(new Match.Nothing());
  }

  @Test
  void decodesATemplatesParameters() {
    NettyHttpConsumer one = add("/teams/{team}/keys/{id}?httpMethodRestrict=GET");

    assertThat(table.find("GET", "/teams/a%20b+c/keys/%2Fx"))
        .isEqualTo(new Match.Found(one, Map.of("team", "a b+c", "id", "/x")));
    assertThat(table.find("GET", "/teams/%zz/keys/1"))
        .isEqualTo(new Match.Found(one, Map.of("team", "%zz", "id", "1")));
  }

  @Test
  void theMoreFixedPathWins() {
    NettyHttpConsumer prefix = add("/models/?matchOnUriPrefix=true&httpMethodRestrict=GET");
    NettyHttpConsumer longer = add("/models/mine/?matchOnUriPrefix=true&httpMethodRestrict=GET");
    NettyHttpConsumer template = add("/models/{id}?httpMethodRestrict=GET");
    NettyHttpConsumer fixed = add("/models/all?httpMethodRestrict=GET");

    assertThat(table.find("GET", "/models/all")).isEqualTo(new Match.Found(fixed, Map.of()));
    assertThat(table.find("GET", "/models/a"))
        .isEqualTo(new Match.Found(template, Map.of("id", "a")));
    assertThat(table.find("GET", "/models/mine/b")).isEqualTo(new Match.Found(longer, Map.of()));
    assertThat(table.find("GET", "/models/a/b")).isEqualTo(new Match.Found(prefix, Map.of()));
  }

  @Test
  void forgetsWhatIsRemoved() {
    NettyHttpConsumer fixed = add("/keys?httpMethodRestrict=GET");
    NettyHttpConsumer template = add("/keys/{id}?httpMethodRestrict=GET");
    table.remove(fixed);
    table.remove(template);

    assertThat(table.find("GET", "/keys")).isEqualTo(new Match.Nothing());
    assertThat(table.find("GET", "/keys/1")).isEqualTo(new Match.Nothing());
  }
}
