package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VendorsDocTest {

  @Test
  void theTableIsTheOneInTheDocumentation() throws Exception {
    String rows =
        Vendors.ALL.stream()
            .map(vendor ->
                "| `%s` | %s | %s |"
                    .formatted(
                        vendor.name(),
                        Providers.keyVariables(vendor).stream()
                            .map("`%s`"::formatted)
                            .collect(Collectors.joining(", ")),
                        vendor.baseUrl()))
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(Path.of("docs/CONFIGURATION.md"))).contains(rows + "\n\n");
  }
}
