package io.iir.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The first hundred bytes of a database, without which SQLite reads nothing of it.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html#the_database_header">SQLite's file
 *     format</a>
 */
final class Header {

  private static final int LENGTH = 100;
  private static final int PAGE = 4096;
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** The kinds of page that a list of tables begins with: inner and leaf of a table's tree. */
  private static final int INNER = 5;

  private static final int LEAF = 13;

  private Header() {}

  /**
   * Gives {@code file} the header that databases of the gateway have, if it looks like one without;
   * returns whether it does.
   */
  static boolean mend(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer kind = ByteBuffer.allocate(1);
      boolean ours =
          channel.size() >= PAGE
              && channel.size() % PAGE == 0
              && channel.read(kind, LENGTH) == 1
              && (kind.get(0) == INNER || kind.get(0) == LEAF);
      if (ours) {
        ByteBuffer header = header((int) (channel.size() / PAGE));
        while (header.hasRemaining()) {
          channel.write(header, header.position());
        }
      }
      return ours;
    }
  }

  /** Makes {@code file} a database without tables, over which SQLite reads what is ahead of it. */
  static void blank(Path file) throws IOException {
    ByteBuffer page =
        ByteBuffer.allocate(PAGE)
            .put(header(1))
            .put(LENGTH, (byte) LEAF)
            .putShort(LENGTH + 5, (short) PAGE) // where its cells begin: there are none
            .rewind();
    Files.write(file, page.array());
  }

  private static ByteBuffer header(int pages) {
    return ByteBuffer.allocate(LENGTH)
        .put(0, MAGIC)
        .putShort(16, (short) PAGE)
        .put(18, (byte) 2) // written ahead,
        .put(19, (byte) 2) // and read so
        .put(21, (byte) 64) // fractions of a page that payloads take: fixed
        .put(22, (byte) 32)
        .put(23, (byte) 32)
        .putInt(24, 1) // the change counter, and below what it was when the size was written
        .putInt(28, pages)
        .putInt(44, 4) // the schema's format
        .putInt(56, 1) // UTF-8
        .putInt(92, 1);
  }
}
