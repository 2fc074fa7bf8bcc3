package io.iir.usage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of a journal, mapped into memory: rows one behind the other, each behind its length and
 * its CRC-32C, in four bytes each. Zeros follow the last row. What has been written is the
 * operating system's: it outlives the process, however that ends.
 *
 * <p>A row is torn if the process was killed while it wrote it, or the machine lost its power: its
 * CRC tells. It, and what is behind it, is left out, and its file kept.
 *
 * <p>One thread appends at a time. Others may read what {@link #end} says has been appended.
 */
final class Segment implements AutoCloseable {

  /** What a row takes besides its own bytes. */
  static final int OVERHEAD = 8;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int ZEROS = 1 << 16;
  private static final int PAGE = 1 << 12;

  private final Path file;
  private final Arena arena;
  private final MemorySegment map;
  private volatile int end;

  private Segment(Path file, Arena arena, MemorySegment map) {
    this.file = file;
    this.arena = arena;
    this.map = map;
  }

  /**
   * Makes the file, with all of its room: where the disk is full that shows here, not while a row
   * is written.
   */
  @SuppressWarnings("MustBeClosedChecker") // it is closed with the segment
  static Segment create(Path file, int size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(size, ZEROS));
      for (int left = size; left > 0; ) {
        zeros.clear().limit(Math.min(left, zeros.capacity()));
        left -= channel.write(zeros);
      }
      Arena arena = Arena.ofShared();
      Segment made =
          new Segment(file, arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena));
      for (long at = 0; at < size; at += PAGE) {
        made.map.set(ValueLayout.JAVA_BYTE, at, (byte) 0); // so that no row is the page's first
      }
      return made;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    } catch (InternalError e) { // how Java tells of a page that cannot be had
      Files.deleteIfExists(file);
      throw new IOException("the disk fails", e);
    }
  }

  /** Opens what another process has left; rows can be read, as far as they are whole. */
  @SuppressWarnings("MustBeClosedChecker") // it is closed with the segment
  static Segment open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Arena arena = Arena.ofShared();
      Segment left =
          new Segment(
              file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      int end = 0;
      for (int next = left.after(0); next > 0; next = left.after(end)) {
        end = next;
      }
      left.end = end;
      return left;
    }
  }

  /**
   * Appends a row of {@code length} bytes; false, and nothing done, if there is no room, or the
   * disk fails.
   */
  boolean append(byte[] row, int length) {
    int at = end;
    if (map.byteSize() - at < length + OVERHEAD) {
      return false;
    }
    try {
      MemorySegment.copy(row, 0, map, ValueLayout.JAVA_BYTE, at + (long) OVERHEAD, length);
      map.set(INT, at + 4L, crc(row, length));
      map.set(INT, at, length);
    } catch (InternalError e) { // see above
      return false;
    }
    end = at + OVERHEAD + length;
    return true;
  }

  private static int crc(byte[] row, int length) {
    CRC32C crc = new CRC32C();
    crc.update(row, 0, length);
    return (int) crc.getValue();
  }

  /** Where the last row ends. */
  int end() {
    return end;
  }

  /** Where the row at {@code at} ends; 0: there is none, or it is torn. */
  private int after(int at) {
    byte[] row = bytes(at);
    return row == null || map.get(INT, at + 4L) != crc(row, row.length)
        ? 0
        : at + OVERHEAD + row.length;
  }

  /** Whether anything is behind the last row that is whole: a torn one, and maybe whole ones. */
  boolean torn() {
    for (long at = end; at < map.byteSize(); at++) {
      if (map.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return true;
      }
    }
    return false;
  }

  /** The bytes of the row at {@code at}, unchecked; null: none can be there. */
  byte @Nullable [] bytes(int at) {
    if (map.byteSize() - at < OVERHEAD) {
      return null;
    }
    int length = map.get(INT, at);
    if (length <= 0 || length > RowCodec.MOST_BYTES || length > map.byteSize() - at - OVERHEAD) {
      return null;
    }
    byte[] row = new byte[length];
    MemorySegment.copy(map, ValueLayout.JAVA_BYTE, at + (long) OVERHEAD, row, 0, length);
    return row;
  }

  /** Unmaps it; the file stays. */
  @Override
  public void close() {
    arena.close();
  }

  /** Unmaps it and deletes the file: its rows are in the database. */
  void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
