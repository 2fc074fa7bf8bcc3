package io.iir.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Phrases by their characters, each with the numbers of what it stands for. Immutable once built.
 * All edges lie in one open-addressed table, so a step is one probe and allocates nothing.
 */
final class Trie {

  static final int ROOT = 0;

  /** What {@link #step} answers where no phrase goes on. */
  static final int NONE = -1;

  private static final int[] NOTHING = {};

  private final long[] keys;
  private final int[] targets;
  private final int[][] phrases;
  private final int[][] prefixes;
  private final boolean[] meaningful;

  private Trie(Map<Long, Integer> edges, int nodes, int[][] phrases, int[][] prefixes) {
    int size = Integer.highestOneBit(Math.max(8, edges.size())) * 4;
    this.keys = new long[size];
    this.targets = new int[size];
    this.phrases = Arrays.copyOf(phrases, nodes);
    this.prefixes = Arrays.copyOf(prefixes, nodes);
    this.meaningful = new boolean[nodes];
    for (int node = 0; node < nodes; node++) {
      meaningful[node] = phrases[node].length > 0 || prefixes[node].length > 0;
    }
    Arrays.fill(keys, NONE);
    edges.forEach((key, target) -> {
      int slot = slot(key);
      while (keys[slot] != NONE) {
        slot = (slot + 1) & (size - 1);
      }
      keys[slot] = key;
      targets[slot] = target;
    });
  }

  /** The node behind {@code c}, or {@link #NONE}. */
  int step(int node, char c) {
    long key = key(node, c);
    int slot = slot(key);
    while (keys[slot] != key) {
      if (keys[slot] == NONE) {
        return NONE;
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    return targets[slot];
  }

  /** Whether a phrase or a prefix ends at this node; most are only on the way. */
  boolean endsAt(int node) {
    return meaningful[node];
  }

  /** What the phrase that ends at this node stands for; it must end where a word ends. */
  int[] phrasesAt(int node) {
    return phrases[node];
  }

  /** What the phrase that ends at this node stands for, whatever letters follow. */
  int[] prefixesAt(int node) {
    return prefixes[node];
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & (keys.length - 1);
  }

  private static long key(int node, char c) {
    return ((long) node << 16) | c;
  }

  /** Collects phrases. Not thread-safe. */
  static final class Builder {

    private final Map<Long, Integer> edges = new HashMap<>();
    private final List<int[]> phrases = new ArrayList<>(List.of(NOTHING));
    private final List<int[]> prefixes = new ArrayList<>(List.of(NOTHING));

    void addPhrase(CharSequence phrase, int meaning) {
      int node = node(phrase);
      phrases.set(node, with(phrases.get(node), meaning));
    }

    void addPrefix(CharSequence prefix, int meaning) {
      int node = node(prefix);
      prefixes.set(node, with(prefixes.get(node), meaning));
    }

    Trie build() {
      return new Trie(
          edges, phrases.size(), phrases.toArray(int[][]::new), prefixes.toArray(int[][]::new));
    }

    private int node(CharSequence phrase) {
      int node = ROOT;
      for (int i = 0; i < phrase.length(); i++) {
        node = edges.computeIfAbsent(key(node, phrase.charAt(i)), k -> newNode());
      }
      return node;
    }

    private int newNode() {
      phrases.add(NOTHING);
      prefixes.add(NOTHING);
      return phrases.size() - 1;
    }

    private static int[] with(int[] meanings, int meaning) {
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
}
