package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.IirProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LocalPortsTest {

  private static List<Integer> ports(Map<String, Object> settings, String ollamaHost) {
    IirProperties bound =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("iir", IirProperties.class);
    return LocalPorts.of(bound, name -> name.equals("OLLAMA_HOST") ? ollamaHost : null);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:11500, 11500",
    "0.0.0.0:11500, 11500",
    ":11500, 11500",
    "http://localhost:11500/, 11500",
    "[::]:11500, 11500",
    "localhost, 1234",
    "192.168.1.7:11500, 1234",
    "https://ollama.example:443, 1234",
    "127.0.0.1:99999, 1234",
    "'', 1234"
  })
  void thePortOfOllamaHostIsLookedAtWhereItIsOfThisMachine(String host, int last) {
    assertThat(ports(Map.of(), host).getLast()).isEqualTo(last);
  }

  @ParameterizedTest
  @CsvSource({"8000, 8002", "9000, 8000"})
  void theOwnPortIsLeftOut(int own, int first) {
    assertThat(ports(Map.of("iir.port", own), "").getFirst()).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"iir.discovery.local-ports, ''", "iir.discovery.environment, false"})
  void whoLooksNowhereOrAtNoVariableDoesNotFollowIt(String setting, String value) {
    assertThat(ports(Map.of(setting, value), ":11500")).doesNotContain(11500);
  }
}
