package io.iir.hardware;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iir.hardware.CommandRunner.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What AMD's {@code rocm-smi} tells of graphics processors; where there is none, what its successor
 * {@code amd-smi} does. Where both are missing there are none.
 *
 * @see <a href="https://rocm.docs.amd.com/projects/rocm_smi_lib/">ROCm SMI</a>
 */
final class RocmSmi implements GpuTool {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PROGRAMS = List.of("rocm-smi", "/opt/rocm/bin/rocm-smi");
  private static final List<String> OPTIONS =
      List.of("--showproductname", "--showmeminfo", "vram", "--showdriverversion", "--json");

  private final CommandRunner runner;
  private final GpuSheet sheet;

  /** What {@code runner} runs tells. */
  RocmSmi(CommandRunner runner, GpuSheet sheet) {
    this.runner = runner;
    this.sheet = sheet;
  }

  @Override
  public Found find() {
    for (String program : PROGRAMS) {
      List<String> command = new ArrayList<>(List.of(program));
      command.addAll(OPTIONS);
      Outcome outcome = runner.run(command);
      if (!(outcome instanceof Outcome.Missing)) {
        return read(outcome);
      }
    }
    return new AmdSmi(runner, sheet).find();
  }

  private Found read(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Missing missing -> Found.NOTHING;
      case Outcome.Broken broken -> Found.problem("rocm-smi %s.".formatted(broken.why()));
      case Outcome.Ended ended -> {
        JsonNode told = json(ended.output());
        yield told.isMissingNode() ? Found.problem(failure("rocm-smi", ended)) : read(told);
      }
    };
  }

  private Found read(JsonNode told) {
    List<Gpu> gpus = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    String driver = text(told.path("system"), "Driver version");
    for (Map.Entry<String, JsonNode> card : told.properties()) {
      if (!card.getKey().startsWith("card")) {
        continue;
      }
      String name =
          text(card.getValue(), "Card Series", "Card series", "Device Name", "Card Model");
      String total = text(card.getValue(), "VRAM Total Memory (B)");
      String used = text(card.getValue(), "VRAM Total Used Memory (B)");
      if (name == null || total == null || !total.matches("\\d{1,18}")) {
        problems.add(
            "rocm-smi does not tell name and memory of %s: see the system's log for its driver."
                .formatted(card.getKey()));
        continue;
      }
      long bytes = Long.parseLong(total);
      long taken = used != null && used.matches("\\d{1,18}") ? Long.parseLong(used) : 0;
      gpus.add(gpu(sheet, name, bytes, bytes - taken, driver));
    }
    if (gpus.isEmpty() && problems.isEmpty()) {
      problems.add(
          "rocm-smi shows no device: load the driver amdgpu, or give the container"
              + " /dev/kfd and /dev/dri.");
    }
    return new Found(gpus, problems);
  }

  /** A processor by AMD, of that name. */
  static Gpu gpu(GpuSheet sheet, String name, long total, long free, @Nullable String driver) {
    GpuSheet.Row row = sheet.find(name);
    return new Gpu(
        Gpu.Vendor.AMD,
        name,
        total,
        Math.clamp(free, 0, total),
        false,
        row == null ? null : Double.valueOf(row.bytesPerSecond()),
        row == null ? null : row.flops(),
        driver);
  }

  /** The JSON in {@code output}, which may have warnings before it; missing if there is none. */
  static JsonNode json(String output) {
    for (int at = 0; at >= 0 && at < output.length(); at = output.indexOf('\n', at) + 1) {
      char first = output.charAt(at);
      if (first == '{' || first == '[') {
        try {
          return JSON.readTree(output.substring(at));
        } catch (JacksonException e) {
          return MissingNode.getInstance();
        }
      }
      if (output.indexOf('\n', at) < 0) {
        break;
      }
    }
    return MissingNode.getInstance();
  }

  /** What {@code program} says instead of telling. */
  static String failure(String program, Outcome.Ended ended) {
    return "%s fails (exit status %d) and says %s: load the driver amdgpu, or remove %s if there is"
            .formatted(program, ended.exit(), Said.first(ended.errors(), ended.output()), program)
        + " no such device.";
  }

  private static @Nullable String text(JsonNode card, String... names) {
    for (String name : names) {
      String text = card.path(name).asText("").strip();
      if (!text.isEmpty() && !text.equals("N/A")) {
        return text;
      }
    }
    return null;
  }
}
