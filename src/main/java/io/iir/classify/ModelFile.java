package io.iir.classify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.BadModelException.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trained classifier as a file, mapped into memory: many gateways on one machine share its pages.
 *
 * <pre>
 * 0   8 bytes   IIRCLASS
 * 8   int       1, the layout's number; all numbers are little-endian
 * 12  int       n, the header's length
 * 16  n bytes   the header: UTF-8 JSON; its "sections" say where each section lies
 *               sections, each at a multiple of 64
 * end 32 bytes  SHA-256 of all before
 * </pre>
 *
 * The version is the layout's number and the first eight hexadecimal digits of that sum, so that
 * two files that differ never have one version. Immutable and thread-safe.
 */
public final class ModelFile {

  private static final String SHIPPED = "/classify/shipped.iir";
  private static final byte[] MAGIC = "IIRCLASS".getBytes(StandardCharsets.US_ASCII);
  private static final int LAYOUT = 1;
  private static final int FIXED = 16;
  private static final int SUM = 32;
  private static final int ALIGNMENT = 64;
  private static final String SECTIONS = "sections";
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long LARGEST = 64L << 20;
  private static final Logger LOG = LoggerFactory.getLogger(ModelFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode header;
  private final String version;
  private final Map<String, MemorySegment> sections;

  private ModelFile(JsonNode header, String version, Map<String, MemorySegment> sections) {
    this.header = header;
    this.version = version;
    this.sections = sections;
  }

  /**
   * Maps {@code file}; it stays mapped as long as the result or one of its sections is in use.
   *
   * @throws BadModelException if it cannot be used; the message names the file and what is wrong
   */
  public static ModelFile open(Path file) {
    return read(map(file), file.toString());
  }

  /**
   * The classifier that ships with the product, in this process's own memory: for commands that end
   * soon.
   */
  public static ModelFile shipped() {
    return read(MemorySegment.ofArray(shippedBytes()), SHIPPED);
  }

  /** The classifier whose file has these {@code bytes}. */
  public static ModelFile of(byte[] bytes) {
    return read(MemorySegment.ofArray(bytes), "The classifier");
  }

  /**
   * The classifier that ships with the product, mapped from a copy in {@code folder}, where it is
   * put unless it is there already; in this process's own memory where nothing can be put there.
   */
  public static ModelFile shipped(Path folder) {
    return kept(shippedBytes(), SHIPPED, folder);
  }

  /**
   * The classifier {@code file}, mapped from a copy in {@code folder}: so the file may be replaced,
   * cut or deleted while the classifier is in use. In this process's own memory where nothing can
   * be put there.
   *
   * @throws BadModelException if it cannot be used; the message names the file and what is wrong
   */
  public static ModelFile copied(Path file, Path folder) {
    return kept(whole(file), file.toString(), folder);
  }

  private static ModelFile kept(byte[] bytes, String name, Path folder) {
    MemorySegment wanted = MemorySegment.ofArray(bytes);
    ModelFile inMemory = read(wanted, name);
    try {
      MemorySegment there = new ModelFolder(folder).keep(inMemory.version, bytes);
      return new ModelFile(inMemory.header, inMemory.version, sections(inMemory.header, there));
    } catch (IOException e) {
      LOG.warn(
          "The classifier {} cannot be kept in {} ({}): it is held in this process's memory.",
          inMemory.version,
          folder,
          e.getMessage());
      return inMemory;
    }
  }

  private static MemorySegment map(Path file) {
    return from(
        file,
        channel -> channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
  }

  /** Read, not mapped: the file is another's, who may cut it meanwhile. */
  private static byte[] whole(Path file) {
    return from(file, channel -> Channels.newInputStream(channel).readAllBytes());
  }

  /** Only regular files: another kind could keep the gateway waiting for ever. */
  private static <T> T from(Path file, Reading<T> reading) {
    if (!Files.isRegularFile(file)) {
      throw Files.exists(file)
          ? new BadModelException(Fault.FOREIGN, file + " is no classifier: it is no file.")
          : new BadModelException(Fault.MISSING, "There is no classifier " + file + ".");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > LARGEST) {
        throw new BadModelException(
            Fault.FOREIGN,
            "%s is no classifier: it has %d bytes, a classifier at most %d."
                .formatted(file, size, LARGEST));
      }
      return reading.of(channel);
    } catch (IOException e) {
      throw new BadModelException(
          Fault.UNREADABLE, "%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The bytes of a file with these sections.
   *
   * @param header what is to be said of the model; its {@code sections} are set here
   */
  public static byte[] bytes(ObjectNode header, Map<String, byte[]> sections) {
    ArrayNode places = header.putArray(SECTIONS);
    long offset = 0;
    for (Map.Entry<String, byte[]> section : sections.entrySet()) {
      ObjectNode place = places.addObject().put("name", section.getKey());
      place.put("offset", offset).put("length", section.getValue().length);
      offset += aligned(section.getValue().length);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int base = aligned(FIXED + json.length);
    ByteBuffer bytes = ByteBuffer.allocate(base + Math.toIntExact(offset) + SUM);
    bytes.order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).putInt(LAYOUT).putInt(json.length).put(json);
    bytes.position(base);
    sections
        .values()
        .forEach(section -> {
          int next = bytes.position() + aligned(section.length);
          bytes.put(section).position(next);
        });
    MessageDigest digest = sha256();
    digest.update(bytes.array(), 0, bytes.position());
    return bytes.put(digest.digest()).array();
  }

  /** What the trainer says of the model. */
  public JsonNode header() {
    return header;
  }

  /** For people and for the header X-Classification, such as {@code 1-3fa9c12b}. */
  public String version() {
    return version;
  }

  /**
   * One section's bytes, read-only.
   *
   * @throws BadModelException if there is none of this name, or it has another length
   */
  MemorySegment section(String name, long length) {
    MemorySegment section = sections.get(name);
    if (section == null || section.byteSize() != length) {
      throw new BadModelException(
          Fault.INCOMPATIBLE,
          "Classifier %s has no section %s of %d bytes: it is of another version of the gateway."
              .formatted(version, name, length));
    }
    return section;
  }

  private static ModelFile read(MemorySegment all, String name) {
    long size = all.byteSize();
    if (size < FIXED + SUM
        || !Arrays.equals(all.asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE), MAGIC)) {
      throw new BadModelException(
          Fault.FOREIGN, name + " is no classifier: it does not begin with IIRCLASS.");
    }
    if (all.get(INT, 8) != LAYOUT) {
      throw new BadModelException(
          Fault.INCOMPATIBLE,
          "%s has layout %d; this gateway reads layout %d: train it anew."
              .formatted(name, all.get(INT, 8), LAYOUT));
    }
    MessageDigest digest = sha256();
    digest.update(all.asSlice(0, size - SUM).asByteBuffer());
    byte[] sum = digest.digest();
    if (!Arrays.equals(sum, all.asSlice(size - SUM).toArray(ValueLayout.JAVA_BYTE))) {
      throw new BadModelException(
          Fault.DAMAGED,
          name + " is damaged: its SHA-256 is not the one at its end. Copy it anew.");
    }
    String version = LAYOUT + "-" + HexFormat.of().formatHex(sum, 0, 4);
    try {
      JsonNode header = header(all);
      return new ModelFile(header, version, sections(header, all));
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new BadModelException(
          Fault.FOREIGN, name + " is no classifier: its header is not one. Train it anew.", e);
    }
  }

  private static Map<String, MemorySegment> sections(JsonNode header, MemorySegment all) {
    long base = aligned(FIXED + all.get(INT, 12));
    Map<String, MemorySegment> sections = new LinkedHashMap<>();
    for (JsonNode place : header.path(SECTIONS)) {
      sections.put(
          place.path("name").asText(),
          all.asSlice(base + place.path("offset").asLong(), place.path("length").asLong()));
    }
    return sections;
  }

  private static byte[] shippedBytes() {
    try (InputStream in = ModelFile.class.getResourceAsStream(SHIPPED)) {
      return Objects.requireNonNull(in, SHIPPED).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode header(MemorySegment all) throws IOException {
    return JSON.readTree(all.asSlice(FIXED, all.get(INT, 12)).toArray(ValueLayout.JAVA_BYTE));
  }

  private static int aligned(int length) {
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
