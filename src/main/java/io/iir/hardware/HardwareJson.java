package io.iir.hardware;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A machine as JSON, with the names of {@link Hardware} and its parts in small letters and
 * underscores: what is not known is null. What was written and is read is equal. Stateless.
 */
public final class HardwareJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private HardwareJson() {}

  /** {@code {"system", "cpu": {…}, "memory": {…}, "gpus": […], "problems": […], "detected"}}. */
  public static ObjectNode write(Hardware hardware) {
    ObjectNode view = JSON.createObjectNode();
    view.put("system", hardware.system());
    Cpu cpu = hardware.cpu();
    ObjectNode processor = view.putObject("cpu");
    processor.put("model", cpu.model());
    processor.put("physical_cores", cpu.physicalCores());
    processor.put("logical_cores", cpu.logicalCores());
    processor.put("limit", cpu.limit());
    cpu.instructionSets().forEach(processor.putArray("instruction_sets")::add);
    processor.put("max_hertz", cpu.maxHertz());
    Memory memory = hardware.memory();
    ObjectNode main = view.putObject("memory");
    main.put("total_bytes", memory.totalBytes());
    main.put("free_bytes", memory.freeBytes());
    main.put("limit_bytes", memory.limitBytes());
    main.put("used_bytes", memory.usedBytes());
    main.put("bytes_per_second", memory.bytesPerSecond());
    ArrayNode gpus = view.putArray("gpus");
    for (Gpu gpu : hardware.gpus()) {
      ObjectNode one = gpus.addObject();
      one.put("vendor", gpu.vendor().word());
      one.put("name", gpu.name());
      one.put("total_bytes", gpu.totalBytes());
      one.put("free_bytes", gpu.freeBytes());
      one.put("shares", gpu.shares());
      one.put("bytes_per_second", gpu.bytesPerSecond());
      one.put("flops", gpu.flops());
      one.put("driver", gpu.driver());
    }
    hardware.problems().forEach(view.putArray("problems")::add);
    view.put("detected", hardware.detected().toString());
    return view;
  }

  /**
   * The machine that {@code view} holds.
   *
   * @throws IllegalArgumentException if it holds none, saying which field is wrong
   */
  public static Hardware read(JsonNode view) {
    JsonNode cpu = view.path("cpu");
    JsonNode memory = view.path("memory");
    List<Gpu> gpus = new ArrayList<>();
    for (JsonNode one : view.path("gpus")) {
      gpus.add(
          new Gpu(
              vendor(text(one, "vendor")),
              text(one, "name"),
              number(one, "total_bytes"),
              number(one, "free_bytes"),
              one.path("shares").asBoolean(),
              decimalOrNull(one, "bytes_per_second"),
              decimalOrNull(one, "flops"),
              one.path("driver").textValue()));
    }
    return new Hardware(
        text(view, "system"),
        new Cpu(
            text(cpu, "model"),
            (int) number(cpu, "physical_cores"),
            (int) number(cpu, "logical_cores"),
            decimalOrNull(cpu, "limit"),
            texts(cpu.path("instruction_sets")),
            numberOrNull(cpu, "max_hertz")),
        new Memory(
            number(memory, "total_bytes"),
            number(memory, "free_bytes"),
            numberOrNull(memory, "limit_bytes"),
            numberOrNull(memory, "used_bytes"),
            decimalOrNull(memory, "bytes_per_second")),
        gpus,
        texts(view.path("problems")),
        instant(text(view, "detected")));
  }

  private static Gpu.Vendor vendor(String word) {
    try {
      return Gpu.Vendor.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "hardware: '%s' is no vendor of graphics processors".formatted(word), e);
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("hardware: '%s' is no time".formatted(text), e);
    }
  }

  private static String text(JsonNode from, String field) {
    String text = from.path(field).textValue();
    if (text == null) {
      throw new IllegalArgumentException("hardware: has no text '%s'".formatted(field));
    }
    return text;
  }

  private static long number(JsonNode from, String field) {
    Long number = numberOrNull(from, field);
    if (number == null) {
      throw new IllegalArgumentException("hardware: has no number '%s'".formatted(field));
    }
    return number;
  }

  private static @Nullable Long numberOrNull(JsonNode from, String field) {
    JsonNode number = from.path(field);
    return number.canConvertToLong() ? Long.valueOf(number.longValue()) : null;
  }

  private static @Nullable Double decimalOrNull(JsonNode from, String field) {
    JsonNode number = from.path(field);
    return number.isNumber() ? Double.valueOf(number.doubleValue()) : null;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
