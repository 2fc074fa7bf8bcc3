package io.iir.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.testing.Gateway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of models on demand that make no sense end the start with a sentence. */
class LocalSettingsIT {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id=openai/x;command[0]=x;command[1]={port}             | must be local/<model>
          id=local/a                                             | has no command
          id=local/a;command[0]=llama-server                     | has a command without {port}
          id=local/a;driver=ollama;command[0]=x                  | which only driver 'process' takes
          id=local/a;command[0]={port};base-url=http://x/v1      | has a base-url
          id=local/a;command[0]={port};idle-ttl=0s               | must be a duration
          """)
  void areRefused(String settings, String problem) {
    String[] all = settings.split(";", -1);
    for (int i = 0; i < all.length; i++) {
      all[i] = "iir.local.models[0]." + all[i];
    }
    assertThatThrownBy(() -> Gateway.start(all).close())
        .satisfies(failure -> {
          StringBuilder said = new StringBuilder();
          for (Throwable each = failure; each != null; each = each.getCause()) {
            said.append(each.getMessage()).append('\n');
          }
          assertThat(said.toString()).contains(problem);
        });
  }
}
