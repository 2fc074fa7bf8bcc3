package io.iir.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code GET /metrics} shows.
 *
 * @param all the samples
 * @param types the type of each family of them by its name
 */
public record Samples(List<Sample> all, Map<String, String> types) {

  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)(?: # .*)?");
  private static final Pattern TAG = Pattern.compile("([a-zA-Z0-9_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * One value.
   *
   * @param name of the series
   * @param tags by their names
   */
  public record Sample(String name, Map<String, String> tags, double value) {}

  /** What {@code gateway} shows now. */
  public static Samples of(Gateway gateway) {
    return parse(gateway.get("/metrics").body());
  }

  /** What {@code text} says. */
  public static Samples parse(String text) {
    List<Sample> all = new ArrayList<>();
    Map<String, String> types = new TreeMap<>();
    text.lines()
        .forEach(line -> {
          if (line.startsWith("# TYPE ")) {
            String[] words = line.split(" ", 4);
            types.put(words[2], words[3]);
          } else if (!line.startsWith("#")) {
            all.add(sample(line));
          }
        });
    return new Samples(all, types);
  }

  private static Sample sample(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    Map<String, String> tags = new LinkedHashMap<>();
    if (parts.group(2) != null) {
      Matcher each = TAG.matcher(parts.group(2));
      while (each.find()) {
        tags.put(each.group(1), each.group(2).replace("\\\"", "\"").replace("\\\\", "\\"));
      }
    }
    String value = parts.group(3);
    return new Sample(
        parts.group(1),
        tags,
        value.endsWith("Inf")
            ? Double.POSITIVE_INFINITY
            : value.equals("NaN") ? Double.NaN : Double.parseDouble(value));
  }

  /** The sum of the series {@code name} that have all of {@code tags} (name, value, …). */
  public double sum(String name, String... tags) {
    return all.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> {
          for (int i = 0; i < tags.length; i += 2) {
            if (!tags[i + 1].equals(sample.tags().get(tags[i]))) {
              return false;
            }
          }
          return true;
        })
        .mapToDouble(Sample::value)
        .sum();
  }
}
