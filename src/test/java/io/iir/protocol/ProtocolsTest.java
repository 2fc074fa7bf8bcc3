package io.iir.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.openai.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolsTest {

  static Stream<WireProtocol> protocols() {
    return new ProtocolConfiguration().protocols().all().stream();
  }

  /** Choosing asks the one, calling the other. */
  @ParameterizedTest
  @MethodSource("protocols")
  void aProtocolHasTheOperationsThatItsModelsAreAskedFor(WireProtocol protocol) {
    List<String> carried =
        Arrays.stream(Operation.values())
            .filter(protocol::carries)
            .map(operation -> operation == Operation.IMAGE ? "image_generation" : operation.word())
            .toList();
    assertThat(protocol.protocol().operations().stream().map(Capability::word))
        .containsExactlyInAnyOrderElementsOf(carried);
  }
}
