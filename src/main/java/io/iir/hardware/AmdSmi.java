package io.iir.hardware;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.hardware.CommandRunner.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What AMD's {@code amd-smi} tells of graphics processors. Its lists are bare in ROCm 6 and under
 * {@code gpu_data} since 7.
 *
 * @see <a href="https://rocm.docs.amd.com/projects/amdsmi/">AMD SMI</a>
 */
final class AmdSmi implements GpuTool {

  private static final String PROGRAM = "amd-smi";
  private static final List<String> STATIC =
      List.of(PROGRAM, "static", "--asic", "--vram", "--driver", "--json");
  private static final List<String> USAGE = List.of(PROGRAM, "metric", "--mem-usage", "--json");

  private final CommandRunner runner;
  private final GpuSheet sheet;

  AmdSmi(CommandRunner runner, GpuSheet sheet) {
    this.runner = runner;
    this.sheet = sheet;
  }

  @Override
  public Found find() {
    return switch (runner.run(STATIC)) {
      case Outcome.Missing missing -> Found.NOTHING;
      case Outcome.Broken broken -> Found.problem("amd-smi %s.".formatted(broken.why()));
      case Outcome.Ended ended -> {
        JsonNode told = RocmSmi.json(ended.output());
        yield told.isMissingNode()
            ? Found.problem(RocmSmi.failure(PROGRAM, ended))
            : new Found(gpus(told), List.of());
      }
    };
  }

  private List<Gpu> gpus(JsonNode told) {
    Map<Integer, Long> free = free();
    List<Gpu> gpus = new ArrayList<>();
    for (JsonNode one : list(told)) {
      Long total = bytes(one.path("vram").path("size"));
      String name = one.path("asic").path("market_name").asText("").strip();
      if (total != null && !name.isEmpty()) {
        String driver = one.path("driver").path("version").asText("").strip();
        gpus.add(
            RocmSmi.gpu(
                sheet,
                name,
                total,
                free.getOrDefault(one.path("gpu").asInt(-1), total),
                driver.isEmpty() || driver.equals("N/A") ? null : driver));
      }
    }
    return gpus;
  }

  private Map<Integer, Long> free() {
    Map<Integer, Long> free = new HashMap<>();
    if (runner.run(USAGE) instanceof Outcome.Ended ended) {
      for (JsonNode one : list(RocmSmi.json(ended.output()))) {
        Long bytes = bytes(one.path("mem_usage").path("free_vram"));
        if (bytes != null) {
          free.put(one.path("gpu").asInt(-1), bytes);
        }
      }
    }
    return free;
  }

  private static JsonNode list(JsonNode told) {
    return told.isArray() ? told : told.path("gpu_data");
  }

  /** The bytes of {@code {"value", "unit"}}; what the program calls MB are mebibytes. */
  private static @Nullable Long bytes(JsonNode size) {
    if (!size.path("value").canConvertToLong()) {
      return null;
    }
    int shift =
        switch (size.path("unit").asText()) {
          case "KB" -> 10;
          case "MB" -> 20;
          case "GB" -> 30;
          default -> 0;
        };
    return size.path("value").longValue() << shift;
  }
}
