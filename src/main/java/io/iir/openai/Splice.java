package io.iir.openai;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A copy of some bytes with a few ranges replaced, every other byte as it was. Built once and used
 * by one thread.
 */
final class Splice {

  private final byte[] original;
  private final List<Edit> edits = new ArrayList<>(2);

  Splice(byte[] original) {
    this.original = original;
  }

  /**
   * Puts {@code with} in place of the bytes from {@code start} up to, not including, {@code end}.
   */
  Splice replace(int start, int end, byte[] with) {
    edits.add(new Edit(start, end, with));
    return this;
  }

  /** The bytes with all edits made; edits must not overlap. */
  byte[] apply() {
    edits.sort(Comparator.comparingInt(Edit::start));
    ByteArrayOutputStream out = new ByteArrayOutputStream(original.length + 128);
    int from = 0;
    for (Edit edit : edits) {
      out.write(original, from, edit.start - from);
      out.writeBytes(edit.with);
      from = edit.end;
    }
    out.write(original, from, original.length - from);
    return out.toByteArray();
  }

  private static final class Edit {
    private final int start;
    private final int end;
    private final byte[] with;

    Edit(int start, int end, byte[] with) {
      this.start = start;
      this.end = end;
      this.with = with;
    }

    int start() {
      return start;
    }
  }
}
