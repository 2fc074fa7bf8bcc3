package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VendorsDocTest {

  @Test
  void theTableIsTheOneInTheDocumentation() throws Exception {
    String rows = Vendors.ALL.stream().map(VendorsDocTest::row).collect(Collectors.joining("\n"));
    assertThat(Files.readString(Path.of("docs/CONFIGURATION.md"))).contains(rows + "\n\n");
  }

  @Test
  void whatIsRenamedAndLeftOutIsTheOneInTheDocumentation() throws Exception {
    String rows =
        Vendors.ALL.stream()
            .filter(vendor -> !vendor.fields().isEmpty())
            .map(vendor ->
                "| `%s` | %s | %s |"
                    .formatted(
                        vendor.name(),
                        vendor.fields().renamed().entrySet().stream()
                            .map(each -> "`%s` → `%s`".formatted(each.getKey(), each.getValue()))
                            .sorted()
                            .collect(Collectors.joining(", ")),
                        vendor.fields().dropped().stream()
                            .map("`%s`"::formatted)
                            .sorted()
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(Path.of("docs/CONFIGURATION.md"))).contains(rows + "\n\n");
  }

  private static String row(Vendor vendor) {
    return "| `%s` | %s | `%s`, `%s` | %s |"
        .formatted(
            vendor.name(),
            Providers.keyVariables(vendor).stream()
                .map("`%s`"::formatted)
                .collect(Collectors.joining(", ")),
            vendor.protocol().name().toLowerCase(Locale.ROOT),
            vendor.auth().word(),
            vendor.baseUrl().isEmpty() ? "yours" : vendor.baseUrl());
  }
}
