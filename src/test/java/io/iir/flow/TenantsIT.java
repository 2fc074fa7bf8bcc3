package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RawClient;
import io.iir.testing.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** No tenant gets another's answer, whatever is asked, in which order, and by whom. */
class TenantsIT {

  /** A key, and with whom it may share answers. */
  private record Tenant(NewKey key, String ofKey, String ofTeam) {}

  private static final List<Tenant> TENANTS = new ArrayList<>();
  private static final AtomicInteger ANSWERS = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // set before all
  private static RedisServer redis;

  @SuppressWarnings("NullAway.Init") // set before all
  private static FakeProvider provider;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway byKey;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway byTeam;

  /** Whose answer each one is. */
  private static final Map<String, String> OWNERS = new HashMap<>();

  private static int series;

  @BeforeContainer
  static void start() {
    redis = RedisServer.start();
    // Each answer is one of its own, so that it shows for whom it was made.
    provider =
        new FakeProvider(call -> {
          String text = "answer " + ANSWERS.incrementAndGet() + ".";
          if (call.body().contains("\"stream\":true")) {
            call.beginStream();
            call.token(text);
            call.endStream(5, 2);
          } else {
            call.completion(text, 5, 2);
          }
        });
    String[] settings =
        Gateway.all(
            Gateway.provider("fake", provider.baseUrl()),
            Crowd.LIMITS,
            new String[] {redis.setting(), "iir.state.timeout=2s"});
    byKey = Gateway.start(settings);
    byTeam = Gateway.start(Gateway.all(settings, new String[] {"iir.cache.scope=team"}));
  }

  @AfterContainer
  static void stop() throws Exception {
    byKey.close();
    byTeam.close();
    provider.close();
    redis.close();
  }

  private static List<Tenant> tenants(Gateway gateway) {
    TENANTS.clear();
    String alone = add(gateway, null, "*");
    add(gateway, "red", "*");
    add(gateway, "red", "*");
    add(gateway, "red", "fake/*");
    add(gateway, "blue", "*");
    add(gateway, alone, "*"); // a team that is called as a key without one
    return TENANTS;
  }

  private static String add(Gateway gateway, @Nullable String team, String models) {
    String name = "k" + TENANTS.size() + "-" + series;
    NewKey key =
        gateway.newKey(
            "{\"name\":\"%s\",\"models\":[\"%s\"]%s}"
                .formatted(name, models, team == null ? "" : ",\"team\":\"" + team + "\""));
    String shared = team == null ? key.id() + " alone" : team + " " + models;
    TENANTS.add(new Tenant(key, key.id(), shared));
    return key.id();
  }

  @Property(tries = 15)
  void noKeyGetsAnothersAnswer(
      @ForAll @Size(min = 10, max = 20) List<@IntRange(max = 215) Integer> asks) throws Exception {
    series++;
    tenants(byKey);
    for (int ask : asks) {
      check(byKey, ask, TENANTS.get(ask % 6).ofKey());
    }
  }

  @Property(tries = 15)
  void noTeamGetsAnothersAnswer(
      @ForAll @Size(min = 10, max = 20) List<@IntRange(max = 215) Integer> asks) throws Exception {
    series++;
    tenants(byTeam);
    for (int ask : asks) {
      check(byTeam, ask, TENANTS.get(ask % 6).ofTeam() + series);
    }
  }

  /** What {@code number} stands for: who, what, how it is written. */
  private static void check(Gateway gateway, int number, String owner) throws Exception {
    Tenant tenant = TENANTS.get(number % 6);
    int question = number / 6 % 6;
    int form = number / 36;
    String content = "q" + question % 3 + " of " + series;
    String model = question < 3 ? "fake/m" : "fake/n";
    String message =
        form % 2 == 0
            ? "{\"role\":\"user\",\"content\":\"%s\"}"
            : "{ \"content\" : \"%s\" , \"role\":\"user\" }";
    String messages = "\"messages\":[" + message.formatted(content) + "]";
    String named = "\"model\":\"" + model + "\"";
    String stream = form >= 4 ? ",\"stream\":true" : "";
    String body =
        form % 3 == 0
            ? "{" + named + "," + messages + stream + "}"
            : "{" + messages + "," + named + stream + ",\"user\":\"u" + form + "\"}";
    try (RawClient client = RawClient.chat(gateway, body, tenant.key().header())) {
      assertThat(client.status()).isEqualTo(200);
      String cache = client.header("x-iir-cache");
      String all = client.rest();
      String text =
          form >= 4
              ? StreamIT.contentOf(all)
              : Gateway.json(all).at("/choices/0/message/content").asText();
      String asked = owner + " " + model + " " + content;
      if ("miss".equals(cache)) {
        assertThat(OWNERS.put(text, asked)).isNull();
      } else {
        assertThat(cache).isIn("hit", "coalesced");
        assertThat(OWNERS.get(text)).isEqualTo(asked);
      }
    }
  }
}
