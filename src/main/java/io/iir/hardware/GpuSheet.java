package io.iir.hardware;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What data sheets say of graphics processors, by the names that their drivers give them: the rows
 * of {@code hardware/gpus.csv}, whose head says where each is from. Immutable.
 */
final class GpuSheet {

  private static final String RESOURCE = "/hardware/gpus.csv";
  private static final Pattern LAPTOP = Pattern.compile("Laptop|Mobile|Max-Q Design");
  private static final double GIGA = 1e9;
  private static final double TERA = 1e12;

  private final List<Row> rows;

  private GpuSheet(List<Row> rows) {
    this.rows = rows;
  }

  /**
   * A row.
   *
   * @param name what a name must contain, whatever its case
   * @param gigabytes its memory as its name says; null: there are several, or it does not matter
   * @param bytesPerSecond how fast it reads its memory
   * @param flops half-precision operations a second, dense; null: its maker does not tell
   */
  record Row(
      Pattern name, @Nullable Integer gigabytes, double bytesPerSecond, @Nullable Double flops) {}

  /** The one that ships with the product. */
  static GpuSheet load() {
    InputStream resource = Objects.requireNonNull(GpuSheet.class.getResourceAsStream(RESOURCE));
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, UTF_8))) {
      return new GpuSheet(
          lines
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(GpuSheet::row)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The first row for {@code name}, or null if none is. Laptops have slower parts of the same
   * names, so only rows that say so are for them.
   */
  @Nullable Row find(String name) {
    boolean laptop = LAPTOP.matcher(name).find();
    for (Row row : rows) {
      if ((!laptop || LAPTOP.matcher(row.name().pattern()).find())
          && row.name().matcher(name).find()) {
        return row;
      }
    }
    return null;
  }

  private static Row row(String line) {
    String[] cells = line.split(";", -1);
    if (cells.length != 5) {
      throw new IllegalStateException("%s: '%s' has not five cells".formatted(RESOURCE, line));
    }
    Double gigabytes = number(cells[1]);
    Double flops = number(cells[3]);
    return new Row(
        Pattern.compile(cells[0].strip(), Pattern.CASE_INSENSITIVE),
        gigabytes == null ? null : gigabytes.intValue(),
        Objects.requireNonNull(number(cells[2])) * GIGA,
        flops == null ? null : flops * TERA);
  }

  private static @Nullable Double number(String cell) {
    return cell.strip().equals("-") ? null : Double.valueOf(cell.strip());
  }
}
