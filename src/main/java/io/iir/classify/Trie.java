package io.iir.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Phrases by their characters, each with the {@link Meaning}s it stands for. Immutable. Nodes are
 * numbered depth first and a node's edges lie side by side, so that a walk reads memory in order;
 * no step allocates.
 */
final class Trie {

  static final int ROOT = 0;

  /** What {@link #step} answers where no phrase goes on. */
  static final int NONE = -1;

  private static final int[] NOTHING = {};

  /** The edges of node n are those from {@code firstEdges[n]} up to {@code firstEdges[n + 1]}. */
  private final int[] firstEdges;

  /**
   * The nodes behind the root's edges, by a character's upper and lower half: walks begin there.
   */
  private final int[][] rootTargets = new int[256][];

  private final char[] labels;
  private final int[] targets;
  private final boolean[] ends;
  private final int[][] phrases;
  private final int[][] prefixes;

  private Trie(List<Node> nodes) {
    int size = nodes.size();
    firstEdges = new int[size + 1];
    labels = new char[size];
    targets = new int[size];
    ends = new boolean[size];
    phrases = new int[size][];
    prefixes = new int[size][];
    int edge = 0;
    for (int n = 0; n < size; n++) {
      Node node = nodes.get(n);
      phrases[n] = node.phrases;
      prefixes[n] = node.prefixes;
      ends[n] = node.phrases.length > 0 || node.prefixes.length > 0;
      firstEdges[n] = edge;
      for (int child = 0; child < node.size; child++) {
        labels[edge] = node.labels[child];
        targets[edge++] = node.children[child].number;
      }
    }
    firstEdges[size] = edge;
    int[] nowhere = new int[256];
    Arrays.fill(nowhere, NONE);
    Arrays.fill(rootTargets, nowhere);
    boolean[] used = new boolean[rootTargets.length];
    for (int first = 0; first < firstEdges[ROOT + 1]; first++) {
      int half = labels[first] >>> 8;
      if (!used[half]) {
        used[half] = true;
        rootTargets[half] = nowhere.clone();
      }
      rootTargets[half][labels[first] & 0xff] = targets[first];
    }
  }

  /** The node behind {@code c}, or {@link #NONE}. */
  int step(int node, char c) {
    return node == ROOT ? rootTargets[c >>> 8][c & 0xff] : search(node, c);
  }

  private int search(int node, char c) {
    int low = firstEdges[node];
    int high = firstEdges[node + 1];
    while (high - low > 4) {
      int middle = (low + high) >>> 1;
      if (labels[middle] <= c) {
        low = middle;
      } else {
        high = middle;
      }
    }
    for (int edge = low; edge < high; edge++) {
      if (labels[edge] == c) {
        return targets[edge];
      }
    }
    return NONE;
  }

  /** Whether a phrase or a prefix ends at this node; most are only on the way. */
  boolean endsAt(int node) {
    return ends[node];
  }

  /** What the phrase that ends at this node stands for; it must end where a word ends. */
  int[] phrasesAt(int node) {
    return phrases[node];
  }

  /** What the phrase that ends at this node stands for, whatever letters follow. */
  int[] prefixesAt(int node) {
    return prefixes[node];
  }

  /** Collects phrases. Not thread-safe. */
  static final class Builder {

    private final Node root = new Node();

    void addPhrase(CharSequence phrase, int meaning) {
      Node node = node(phrase);
      node.phrases = with(node.phrases, meaning);
    }

    void addPrefix(CharSequence prefix, int meaning) {
      Node node = node(prefix);
      node.prefixes = with(node.prefixes, meaning);
    }

    Trie build() {
      List<Node> nodes = new ArrayList<>();
      number(root, nodes);
      return new Trie(nodes);
    }

    private static void number(Node node, List<Node> nodes) {
      node.number = nodes.size();
      nodes.add(node);
      for (int child = 0; child < node.size; child++) {
        number(node.children[child], nodes);
      }
    }

    private Node node(CharSequence phrase) {
      Node node = root;
      for (int i = 0; i < phrase.length(); i++) {
        node = node.child(phrase.charAt(i));
      }
      return node;
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

  /** A node while phrases are collected; its first {@link #size} edges hold, in their order. */
  private static final class Node {
    private char[] labels = new char[1];
    private Node[] children = new Node[1];
    private int size;
    private int[] phrases = NOTHING;
    private int[] prefixes = NOTHING;
    private int number;

    /** The node behind {@code c}, which is made if there is none. */
    Node child(char c) {
      int at = Arrays.binarySearch(labels, 0, size, c);
      if (at >= 0) {
        return children[at];
      }
      at = -at - 1;
      if (size == labels.length) {
        labels = Arrays.copyOf(labels, 2 * size);
        children = Arrays.copyOf(children, 2 * size);
      }
      System.arraycopy(labels, at, labels, at + 1, size - at);
      System.arraycopy(children, at, children, at + 1, size - at);
      Node child = new Node();
      labels[at] = c;
      children[at] = child;
      size++;
      return child;
    }
  }
}
