package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules of the image's JRE. */
@Tag("deploy")
class ModulesIT {

  @TempDir Path temp;

  @Test
  void theImageHasEveryModuleThatTheLibrariesUse() throws Exception {
    GatewayImage image = GatewayImage.extract(temp.resolve("iir"));
    List<String> has =
        GatewayImage.run(
                temp.resolve("modules.log"),
                Map.of(),
                List.of(image.java().toString(), "--list-modules"))
            .lines()
            .map(line -> line.replaceFirst("@.*", ""))
            .toList();
    assertThat(image.usedModules()).contains("java.base", "jdk.unsupported").isSubsetOf(has);
  }
}
