package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFactsTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, localhost",
    "::, localhost",
    "127.0.0.1, localhost",
    "::1, localhost",
    "LocalHost, localhost",
    "127.0.0.2, 127.0.0.2",
    "10.0.0.5, 10.0.0.5",
    "fd00::5, [fd00::5]",
    "iir.example.com, iir.example.com"
  })
  void theUrlNamesWhereTheGatewayListens(String host, String named) {
    assertThat(StartFacts.reachable(host)).isEqualTo(named);
  }
}
