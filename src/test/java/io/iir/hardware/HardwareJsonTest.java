package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HardwareJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Hardware FULL =
      new Hardware(
          "Linux 6.8.0 amd64",
          new Cpu("Xeon", 56, 112, 16.5, List.of("avx2", "amx_int8"), 3_800_000_000L),
          new Memory(1L << 40, 1L << 39, 64L << 30, 10L << 30, 4.1e11),
          List.of(
              new Gpu(Gpu.Vendor.NVIDIA, "H100", 85L << 30, 84L << 30, false, 3350e9, 989e12, "5"),
              new Gpu(Gpu.Vendor.APPLE, "M9", 1, 1, true, null, null, null)),
          List.of("A sentence."),
          Instant.parse("2026-11-27T07:00:00.123456Z"));

  private static final Hardware BARE =
      new Hardware(
          "x",
          new Cpu("x", 1, 1, null, List.of(), null),
          new Memory(1, 1, null, null, null),
          List.of(),
          List.of(),
          Instant.EPOCH);

  @Test
  void readsWhatItWrote() throws Exception {
    for (Hardware hardware : List.of(FULL, BARE)) {
      String text = JSON.writeValueAsString(HardwareJson.write(hardware));
      assertThat(HardwareJson.read(JSON.readTree(text))).isEqualTo(hardware);
    }
  }

  @Test
  void hasNamesInSmallLetters() throws Exception {
    assertThat(JSON.readTree(HardwareJson.write(BARE).toString()))
        .isEqualTo(
            JSON.readTree(
                """
                {"system": "x",
                 "cpu": {"model": "x", "physical_cores": 1, "logical_cores": 1, "limit": null,
                         "instruction_sets": [], "max_hertz": null},
                 "memory": {"total_bytes": 1, "free_bytes": 1, "limit_bytes": null,
                            "used_bytes": null, "bytes_per_second": null},
                 "gpus": [], "problems": [], "detected": "1970-01-01T00:00:00Z"}
                """));
    assertThat(HardwareJson.write(FULL).at("/gpus/0/vendor").textValue()).isEqualTo("nvidia");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> HardwareJson.read(JSON.createObjectNode()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'system'");
    ObjectNode badTime = HardwareJson.write(BARE).put("detected", "yesterday");
    assertThatThrownBy(() -> HardwareJson.read(badTime))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("yesterday");
    ObjectNode badVendor = HardwareJson.write(FULL);
    ((ObjectNode) badVendor.at("/gpus/0")).put("vendor", "3dfx");
    assertThatThrownBy(() -> HardwareJson.read(badVendor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3dfx");
  }
}
