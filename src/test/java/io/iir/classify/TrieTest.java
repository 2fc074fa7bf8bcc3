package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trie finds the phrases that a text begins with, and no others. */
class TrieTest {

  private final Trie.Builder builder = new Trie.Builder();
  private final Map<String, Integer> added = new HashMap<>();

  /** Phrases mean their numbers, from 1. */
  private Trie of(String... phrases) {
    for (String phrase : phrases) {
      added.put(phrase, added.size() + 1);
      builder.addPhrase(phrase, added.size());
    }
    return builder.build();
  }

  /** What ends where, by its end, in a text from one place on. */
  private static Map<Integer, List<Integer>> found(Trie trie, String text, int from, int to) {
    int[] ends = new int[2 * 64];
    int size = trie.walk(text.toCharArray(), from, to, ends);
    Map<Integer, List<Integer>> found = new TreeMap<>();
    for (int n = 0; n < size; n += 2) {
      List<Integer> meanings = new ArrayList<>();
      for (int meaning : trie.phrasesAt(ends[n])) {
        meanings.add(meaning);
      }
      for (int meaning : trie.prefixesAt(ends[n])) {
        meanings.add(-meaning);
      }
      found.put(ends[n + 1], meanings);
    }
    if (!found.isEmpty()) {
      assertThat(trie.mayBegin(text.toCharArray(), from, to)).as("may begin").isTrue();
    }
    return found;
  }

  private static Map<Integer, List<Integer>> found(Trie trie, String text) {
    return found(trie, text, 0, text.length());
  }

  @Test
  void findsPhrasesThatBeginAlike() {
    Trie trie = of("write", "write a poem", "writer", "wrong");
    assertThat(found(trie, "write a poem.")).isEqualTo(Map.of(5, List.of(1), 12, List.of(2)));
    assertThat(found(trie, "writers")).isEqualTo(Map.of(5, List.of(1), 6, List.of(3)));
    assertThat(found(trie, "wrote")).isEmpty();
    assertThat(found(trie, "writ")).isEmpty();
    assertThat(found(trie, "rite")).isEmpty();
  }

  @Test
  void tellsPhrasesFromPrefixes() {
    builder.addPrefix("trans", 7);
    builder.addPrefix("translat", 8);
    builder.addPhrase("trans", 9);
    builder.addPhrase("trans", 9);
    builder.addPhrase("trans", 10);
    assertThat(found(builder.build(), "translator"))
        .isEqualTo(Map.of(5, List.of(9, 10, -7), 8, List.of(-8)));
  }

  @ParameterizedTest
  @CsvSource({"x, 1", "ok, 2", "sum, 3", "四, 4", "你好, 5", "为什么, 6", "ж, 7", "क्या, 8", "ما, 9"})
  void findsShortPhrasesOfAnyScriptWhereverTheyStand(String phrase, int meaning) {
    Trie trie = of("x", "ok", "sum", "四", "你好", "为什么", "ж", "क्या", "ما");
    Map<Integer, List<Integer>> own = Map.of(phrase.length(), List.of(meaning));
    // At the text's end, before what belongs to others, before what belongs to none.
    for (String behind : List.of("", "z", "zz", " ok sum", "四你", "§§§", "\0\uffff")) {
      assertThat(found(trie, phrase + behind)).as(phrase + behind).isEqualTo(own);
      String later = "ab" + phrase + behind;
      assertThat(found(trie, later, 2, later.length()))
          .isEqualTo(Map.of(2 + phrase.length(), List.of(meaning)));
    }
  }

  @Test
  void seesNothingBehindTheEnd() {
    Trie trie = of("a", "ab", "abc", "abcd");
    for (int to = 0; to <= 4; to++) {
      assertThat(found(trie, "abcd", 0, to)).hasSize(to);
    }
    assertThat(found(trie, "zabcd", 1, 4)).containsOnlyKeys(2, 3, 4);
    assertThat(found(trie, "abcd", 4, 4)).isEmpty();
  }

  @Test
  void losesEndsThatHaveNoRoom() {
    Trie trie = of("a", "ab", "abc", "abcd");
    int[] ends = new int[4];
    assertThat(trie.walk("abcd".toCharArray(), 0, 4, ends)).isEqualTo(4);
    assertThat(List.of(ends[1], ends[3])).containsExactly(1, 2);
  }

  @Test
  void withoutPhrasesFindsNone() {
    Trie trie = of();
    assertThat(found(trie, "anything")).isEmpty();
    assertThat(trie.mayBegin("anything".toCharArray(), 0, 8)).isFalse();
  }

  @Test
  void sparesMostWordsTheWalk() {
    Trie trie = of("write", "compose", "ok");
    assertThat(trie.mayBegin("house".toCharArray(), 0, 5)).isFalse();
    assertThat(trie.mayBegin("wrong".toCharArray(), 0, 5)).isFalse();
    assertThat(trie.mayBegin("ok?no".toCharArray(), 0, 5)).isTrue();
  }

  /** Many more nodes than the first arrays have room for, in three alphabets. */
  @Test
  void agreesWithASearchOfAllPhrases() {
    Random random = new Random(7);
    String letters = "abcdefghij жшщ 你好们四一二";
    for (int i = 1; i <= 20_000; i++) {
      String phrase = word(random, letters, 1 + random.nextInt(9));
      if (added.putIfAbsent(phrase, i) == null) {
        builder.addPhrase(phrase, i);
      }
    }
    Trie trie = builder.build();
    for (String phrase : added.keySet()) {
      assertThat(found(trie, phrase)).isEqualTo(searched(phrase));
    }
    for (int i = 0; i < 20_000; i++) {
      String text = word(random, letters + "xyz§", 12);
      assertThat(found(trie, text)).isEqualTo(searched(text));
    }
  }

  private Map<Integer, List<Integer>> searched(String text) {
    Map<Integer, List<Integer>> found = new TreeMap<>();
    for (int end = 1; end <= text.length(); end++) {
      Integer meaning = added.get(text.substring(0, end));
      if (meaning != null) {
        found.put(end, List.of(meaning));
      }
    }
    return found;
  }

  private static String word(Random random, String letters, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }
}
