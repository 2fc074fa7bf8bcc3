package io.iir.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;

/**
 * A request in the one form that all requests of the same meaning share, for a cache of exact
 * repeats: without blanks, the members of each object in the order of their bytes, strings with no
 * escape but those of quote and backslash. Arrays keep their order. Numbers keep their characters:
 * {@code 1} and {@code 1.0} are one value, but not to every server, and digits beyond a double's
 * must not be lost. The form is told from its end by its length, four bytes before it.
 *
 * <p>Left out are the outermost fields that cannot change what the model says:
 *
 * <ul>
 *   <li>{@code stream}, {@code stream_options}: how the answer travels;
 *   <li>{@code user}, {@code safety_identifier}: who is behind it, for abuse detection;
 *   <li>{@code metadata}, {@code store}: whether and under which tags the provider keeps it;
 *   <li>{@code prompt_cache_key}, {@code prompt_cache_retention}: where the provider's own prompt
 *       cache looks.
 * </ul>
 *
 * <p>{@code service_tier} is kept: the answer names the tier that served it.
 *
 * <p>One pass over bytes that a strict parser has read before: they are not checked again. No form
 * is longer than what it is made of. Used by one thread.
 */
final class CanonicalForm {

  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "stream",
          "stream_options",
          "user",
          "safety_identifier",
          "metadata",
          "store",
          "prompt_cache_key",
          "prompt_cache_retention");

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = ONES << 7;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';

  private final byte[] in;
  private final byte[] out;
  private int at;
  private int size;

  /** Where the members begin of all objects that are not closed, the innermost last. */
  private int[] begins = new int[32];

  private int members;

  private CanonicalForm(byte[] in) {
    this.in = in;
    this.out = new byte[in.length];
  }

  /** Feeds {@code digest} the form of {@code json}, an object that was parsed before. */
  static void digest(byte[] json, MessageDigest digest) {
    CanonicalForm form = new CanonicalForm(json);
    form.value(0);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(form.size).flip());
    digest.update(form.out, 0, form.size);
  }

  private void value(int depth) {
    skipBlanks();
    switch (in[at]) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      default -> scalar();
    }
  }

  private void object(int depth) {
    int first = members;
    boolean sorted = true;
    out[size++] = in[at++];
    for (skipBlanks(); in[at] != '}'; skipBlanks()) {
      int begin = size;
      if (in[at] == ',') {
        at++;
        skipBlanks();
      }
      string();
      boolean dropped = depth == 0 && hasNoEffect(begin);
      skipBlanks();
      out[size++] = in[at++]; // the colon
      value(depth + 1);
      if (dropped) {
        size = begin;
        continue;
      }
      out[size++] = ',';
      sorted = sorted && (members == first || compare(begins[members - 1], begin, size) < 0);
      push(begin);
    }
    at++;
    if (!sorted) {
      sort(first);
    }
    members = first;
    // In the place of the last comma, so that no form is longer than its text.
    size -= out[size - 1] == ',' ? 1 : 0;
    out[size++] = '}';
  }

  private boolean hasNoEffect(int begin) {
    int length = size - begin - 2;
    return WITHOUT_EFFECT.contains(new String(out, begin + 1, length, StandardCharsets.UTF_8));
  }

  /** The member at {@code before}, which ends where the next begins, against that one. */
  private int compare(int before, int begin, int end) {
    return Arrays.compareUnsigned(out, before, begin, out, begin, end);
  }

  private void push(int begin) {
    if (members == begins.length) {
      begins = Arrays.copyOf(begins, members * 2);
    }
    begins[members++] = begin;
  }

  /** Puts the members from the one numbered {@code first} on into the order of their bytes. */
  private void sort(int first) {
    int start = begins[first];
    int count = members - first;
    byte[][] each = new byte[count][];
    for (int i = 0; i < count; i++) {
      int end = i + 1 < count ? begins[first + i + 1] : size;
      each[i] = Arrays.copyOfRange(out, begins[first + i], end);
    }
    Arrays.sort(each, Arrays::compareUnsigned);
    int to = start;
    for (byte[] member : each) {
      System.arraycopy(member, 0, out, to, member.length);
      to += member.length;
    }
  }

  private void array(int depth) {
    out[size++] = in[at++];
    for (skipBlanks(); in[at] != ']'; skipBlanks()) {
      if (in[at] == ',') {
        out[size++] = in[at++];
      }
      value(depth + 1);
    }
    out[size++] = in[at++];
  }

  private void scalar() {
    while (at < in.length && !isEnd(in[at])) {
      out[size++] = in[at++];
    }
  }

  private static boolean isEnd(byte next) {
    return next == ',' || next == ']' || next == '}' || isBlank(next);
  }

  private void string() {
    out[size++] = in[at++];
    for (plain(); in[at] != '"'; plain()) {
      at++;
      escape();
    }
    out[size++] = in[at++];
  }

  /** Copies all up to the next quote or backslash, which is looked for eight bytes at a time. */
  private void plain() {
    int end = at;
    int last = in.length - Long.BYTES;
    while (end <= last && !hasMark((long) EIGHT.get(in, end))) {
      end += Long.BYTES;
    }
    while (in[end] != '"' && in[end] != '\\') {
      end++;
    }
    System.arraycopy(in, at, out, size, end - at);
    size += end - at;
    at = end;
  }

  /**
   * Whether a byte of eight is a quote or a backslash (Hacker's Delight, 6-1: find a zero byte).
   */
  private static boolean hasMark(long eight) {
    long quote = eight ^ QUOTES;
    long slash = eight ^ BACKSLASHES;
    return ((((quote - ONES) & ~quote) | ((slash - ONES) & ~slash)) & HIGHS) != 0;
  }

  private void escape() {
    byte kind = in[at++];
    switch (kind) {
      case 'b' -> out[size++] = '\b';
      case 'f' -> out[size++] = '\f';
      case 'n' -> out[size++] = '\n';
      case 'r' -> out[size++] = '\r';
      case 't' -> out[size++] = '\t';
      case 'u' -> character(codePoint());
      default -> character(kind);
    }
  }

  private int codePoint() {
    char unit = unit();
    if (!Character.isHighSurrogate(unit)) {
      return unit;
    }
    at += 2; // the other half's backslash and u
    return Character.toCodePoint(unit, unit());
  }

  private char unit() {
    int value = 0;
    for (int end = at + 4; at < end; at++) {
      value = value << 4 | Character.digit(in[at], 16);
    }
    return (char) value;
  }

  private void character(int codePoint) {
    if (codePoint == '"' || codePoint == '\\') {
      out[size++] = '\\';
      out[size++] = (byte) codePoint;
    } else if (codePoint < 0x80) {
      out[size++] = (byte) codePoint;
    } else {
      byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, out, size, bytes.length);
      size += bytes.length;
    }
  }

  private void skipBlanks() {
    while (isBlank(in[at])) {
      at++;
    }
  }

  private static boolean isBlank(byte next) {
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }
}
