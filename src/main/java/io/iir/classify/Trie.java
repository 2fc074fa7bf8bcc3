package io.iir.classify;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Phrases by their characters, each with the {@link Meaning}s it stands for: a double-array trie
 * (Aoe 1989, "An Efficient Digital Search Algorithm by Using a Double-Array Structure"). A node is
 * a cell; its child behind a character lies as many cells behind the node's base as the character's
 * code says, and names the node as its parent. So a step is one load. Immutable; no step allocates.
 */
final class Trie {

  static final int ROOT = 0;

  private static final int[] NOTHING = {};
  private static final int ENDS = 0x8000_0000;

  /** So many characters tell that no phrase begins. */
  private static final int BEGINNING = 3;

  /** By a character: its code, from 1; 0: no phrase has it. */
  private final char[] codes;

  /** The upper half: 1 more than the parent, 0 being free; the lower half: the base and ENDS. */
  private final long[] cells;

  /**
   * A set of 16-bit hashes: of whole phrases shorter than three characters, others' first three.
   */
  private final long[] beginnings;

  private final int[][] phrases;
  private final int[][] prefixes;

  private Trie(char[] codes, long[] beginnings, long[] cells, int[][] phrases, int[][] prefixes) {
    this.codes = codes;
    this.beginnings = beginnings;
    this.cells = cells;
    this.phrases = phrases;
    this.prefixes = prefixes;
  }

  /**
   * Whether a phrase may begin here, told from its first characters, three at the most. Where most
   * words begin none, this spares them the walk.
   */
  boolean mayBegin(char[] chars, int from, int to) {
    if (to - from < BEGINNING) {
      return true;
    }
    int one = spread(chars[from]);
    int two = spread(one ^ chars[from + 1]);
    return begins(spread(two ^ chars[from + 2])) || begins(two) || begins(one);
  }

  private boolean begins(int hash) {
    return (beginnings[hash >>> 6] & 1L << hash) != 0;
  }

  private static int spread(int key) {
    return (key * 0x9E3779B1) >>> 16;
  }

  /**
   * Follows {@code chars} from {@code from} as far as phrases go.
   *
   * @param nodes takes the nodes at which a phrase or a prefix ends, each followed by the index
   *     behind its last character; ends that have no room are lost
   * @return how much of {@code nodes} was filled
   */
  int walk(char[] chars, int from, int to, int[] nodes) {
    int filled = 0;
    int node = ROOT;
    long cell = cells[ROOT];
    for (int i = from; i < to; i++) {
      int next = ((int) cell & ~ENDS) + codes[chars[i]];
      cell = cells[next];
      if ((int) (cell >>> 32) != node + 1) {
        break;
      }
      node = next;
      if ((int) cell < 0 && filled < nodes.length) {
        nodes[filled++] = node;
        nodes[filled++] = i + 1;
      }
    }
    return filled;
  }

  /** What the phrase that ends at this node stands for; it must end where a word ends. */
  int[] phrasesAt(int node) {
    return phrases[node];
  }

  /** What the phrase that ends at this node stands for, whatever letters follow. */
  int[] prefixesAt(int node) {
    return prefixes[node];
  }

  /**
   * Collects phrases: nodes are numbered as they come, each knows its first child and its next
   * sibling, so that a hundred thousand of them are a few arrays. Not thread-safe.
   */
  static final class Builder {

    private int size = 1;
    private char[] labels = new char[1 << 12];
    private int[] children = new int[labels.length];
    private int[] siblings = new int[labels.length];
    private int[][] phrases = new int[labels.length][];
    private int[][] prefixes = new int[labels.length][];

    /** The root's children, which are many, by their characters. */
    private final int[] first = new int[Character.MAX_VALUE + 1];

    void addPhrase(CharSequence phrase, int meaning) {
      int node = node(phrase);
      phrases[node] = with(phrases[node], meaning);
    }

    void addPrefix(CharSequence prefix, int meaning) {
      int node = node(prefix);
      prefixes[node] = with(prefixes[node], meaning);
    }

    Trie build() {
      return new Layout(this).trie();
    }

    private int node(CharSequence phrase) {
      int node = ROOT;
      for (int i = 0; i < phrase.length(); i++) {
        int next = child(node, phrase.charAt(i));
        node = next == 0 ? add(node, phrase.charAt(i)) : next;
      }
      return node;
    }

    private int child(int node, char c) {
      if (node == ROOT) {
        return first[c];
      }
      int child = children[node];
      while (child != 0 && labels[child] != c) {
        child = siblings[child];
      }
      return child;
    }

    private int add(int parent, char c) {
      if (size == labels.length) {
        labels = Arrays.copyOf(labels, 2 * size);
        children = Arrays.copyOf(children, 2 * size);
        siblings = Arrays.copyOf(siblings, 2 * size);
        phrases = Arrays.copyOf(phrases, 2 * size);
        prefixes = Arrays.copyOf(prefixes, 2 * size);
      }
      int child = size++;
      if (parent == ROOT) {
        first[c] = child;
      }
      labels[child] = c;
      siblings[child] = children[parent];
      children[parent] = child;
      return child;
    }

    private boolean ends(int node) {
      return phrases[node] != null || prefixes[node] != null;
    }

    private static int[] with(int @Nullable [] meanings, int meaning) {
      if (meanings == null) {
        return new int[] {meaning};
      }
      for (int known : meanings) {
        if (known == meaning) {
          return meanings;
        }
      }
      int[] more = Arrays.copyOf(meanings, meanings.length + 1);
      more[meanings.length] = meaning;
      return more;
    }
  }

  /** Finds a place for each node's children: the first cells that are free for all of them. */
  private static final class Layout {

    private static final int TRIES = 8;

    private final Builder nodes;
    private final char[] codes = new char[Character.MAX_VALUE + 1];
    private final long[] beginnings = new long[(1 << 16) / Long.SIZE];
    private final BitSet used = new BitSet();
    private char codeCount;
    private int firstFree = 1;
    private long[] cells;
    private int[][] phrases;
    private int[][] prefixes;

    Layout(Builder nodes) {
      this.nodes = nodes;
      cells = new long[nodes.size];
      phrases = new int[nodes.size][];
      prefixes = new int[nodes.size][];
      for (int node = 1; node < nodes.size; node++) {
        char c = nodes.labels[node];
        codes[c] = codes[c] == 0 ? ++codeCount : codes[c];
      }
    }

    Trie trie() {
      place(ROOT, ROOT, 0);
      begin(ROOT, 0, 0);
      // A step from any base with any code stays within the array.
      int size = used.length() + codeCount + 1;
      return new Trie(
          codes,
          beginnings,
          Arrays.copyOf(cells, size),
          Arrays.copyOf(phrases, size),
          Arrays.copyOf(prefixes, size));
    }

    private void place(int node, int cell, int parent) {
      int base = nodes.children[node] == 0 ? 0 : base(node);
      cells[cell] = (long) parent << 32 | base | (nodes.ends(node) ? ENDS & 0xffff_ffffL : 0);
      phrases[cell] = nodes.phrases[node] == null ? NOTHING : nodes.phrases[node];
      prefixes[cell] = nodes.prefixes[node] == null ? NOTHING : nodes.prefixes[node];
      for (int child = nodes.children[node]; child != 0; child = nodes.siblings[child]) {
        used.set(base + code(child));
      }
      firstFree = used.nextClearBit(firstFree);
      for (int child = nodes.children[node]; child != 0; child = nodes.siblings[child]) {
        place(child, base + code(child), cell + 1);
      }
    }

    private char code(int node) {
      return codes[nodes.labels[node]];
    }

    /** Nodes with one child fill the holes that others leave; those look only nearby. */
    private int base(int node) {
      int first = code(nodes.children[node]);
      int at = firstFree;
      int tries = 0;
      while (at <= first || !fits(node, at - first)) {
        int from = ++tries < TRIES ? at + 1 : Math.max(at + 1, used.length());
        at = used.nextClearBit(Math.max(from, first + 1));
      }
      grow(at - first + codeCount + 1);
      return at - first;
    }

    private boolean fits(int node, int base) {
      for (int child = nodes.children[node]; child != 0; child = nodes.siblings[child]) {
        if (used.get(base + code(child))) {
          return false;
        }
      }
      return true;
    }

    private void grow(int size) {
      if (size > cells.length) {
        int larger = Math.max(size, cells.length * 5 / 4);
        cells = Arrays.copyOf(cells, larger);
        phrases = Arrays.copyOf(phrases, larger);
        prefixes = Arrays.copyOf(prefixes, larger);
      }
    }

    private void begin(int node, int depth, int hash) {
      if (depth == BEGINNING || (depth > 0 && nodes.ends(node))) {
        beginnings[hash >>> 6] |= 1L << hash;
      }
      if (depth < BEGINNING) {
        for (int child = nodes.children[node]; child != 0; child = nodes.siblings[child]) {
          begin(child, depth + 1, spread(hash ^ nodes.labels[child]));
        }
      }
    }
  }
}
