package io.iir.classify;

/**
 * What a text looks like to a trained model: the hashes of its n-grams, in {@link Group}s, and
 * {@value #DENSE} numbers on its cues and its layout. The same code reads the texts that a model is
 * trained on and those that it is asked about.
 *
 * <p>An n-gram's hash is its place in a table of {@value #BUCKETS} rows: feature hashing
 * (Weinberger et al. 2009, arXiv 0902.2206), here without signs. Collisions cost little, as n-grams
 * are many and rows more.
 *
 * <p>Reads no more than {@value Excerpt#CAPACITY} characters and allocates nothing while it reads;
 * used again for one text after the other, by one thread at a time.
 */
public final class Features {

  /** Hashes are of so many bits. */
  public static final int BITS = 18;

  /** How many hashes there are. */
  public static final int BUCKETS = 1 << BITS;

  /** How many numbers stand beside the n-grams. */
  public static final int DENSE = DenseFeatures.COUNT;

  /** How many characters from either end are told by their n-grams. */
  private static final int CHARACTER_EDGE = 100;

  /** How many words from either end are told by their nearness to it. */
  private static final int EDGE = 24;

  private static final long TWO = 0xBF58476D1CE4E5B9L;
  private static final long THREE = 0x94D049BB133111EBL;
  private static final long FOUR = 0xD6E8FEB86659FD93L;

  private static final int WORD = 3;
  private static final int QUOTED = 5;
  private static final int START = 7;
  private static final int AT_HEAD = 11;
  private static final int FIRST = 12;
  private static final int AT_TAIL = 13;
  private static final int LAST = 14;

  /** N-grams that are weighed together: each group's sum is divided by the root of its size. */
  public enum Group {
    /** Two to four characters, near the text's ends. */
    CHARACTERS(0),
    /** One or two words outside quotation marks and code fences. */
    WORDS(1),
    /** One or two words within them. */
    QUOTED_WORDS(2),
    /** The text's first words, and how it begins. */
    HEAD(3),
    /** The text's last words. */
    TAIL(4),
    /** One to three words at a sentence's or line's start. */
    STARTS(5);

    private final int slot;

    Group(int slot) {
      this.slot = slot;
    }

    /** Its place in an array with one entry for each group. */
    public int slot() {
      return slot;
    }
  }

  private final Excerpt excerpt = new Excerpt();
  private final Evidence evidence;
  private final int[] hashes = new int[6 * CHARACTER_EDGE + 5 * Excerpt.CAPACITY + 4 * EDGE + 4];
  private final int[] ends = new int[Group.values().length];
  private final DenseFeatures dense = new DenseFeatures();
  private final int[] words = new int[Excerpt.CAPACITY];
  private final boolean[] quoted = new boolean[Excerpt.CAPACITY];
  private final boolean[] starts = new boolean[Excerpt.CAPACITY];
  private int wordCount;
  private int size;

  /** Features of texts, with the cues that ship with the product. */
  public Features() {
    this(Lexicon.shipped());
  }

  Features(Lexicon lexicon) {
    evidence = new Evidence(lexicon, excerpt);
  }

  /** Reads {@code text}; what was read before is forgotten. */
  public void read(String text) {
    readCues(text);
    size = 0;
    characters();
    close(Group.CHARACTERS);
    splitWords();
    words(false, WORD);
    close(Group.WORDS);
    words(true, QUOTED);
    close(Group.QUOTED_WORDS);
    head();
    close(Group.HEAD);
    tail();
    close(Group.TAIL);
    starts();
    close(Group.STARTS);
    dense.read(excerpt, evidence, text.length());
  }

  /** Reads only what rules ask about. */
  void readCues(String text) {
    excerpt.read(text);
    evidence.find();
  }

  /** All groups' hashes, one group after the other; the array is used again. */
  public int[] hashes() {
    return hashes;
  }

  /** Where the hashes of {@code group} begin. */
  public int start(Group group) {
    return group.slot == 0 ? 0 : ends[group.slot - 1];
  }

  /** Where the hashes of {@code group} end. */
  public int end(Group group) {
    return ends[group.slot];
  }

  /** The numbers beside the n-grams, each about 0..1; the array is used again. */
  public float[] dense() {
    return dense.numbers;
  }

  /** Whether the text is a question with lettered answers to choose from. */
  public boolean offersAnswers() {
    return evidence.offersAnswers();
  }

  Excerpt excerpt() {
    return excerpt;
  }

  Evidence evidence() {
    return evidence;
  }

  /** Of what stands between the two edges words tell as much, for less. */
  private void characters() {
    int length = excerpt.length;
    int head = Math.min(length, CHARACTER_EDGE);
    characters(0, head);
    characters(Math.max(head, length - CHARACTER_EDGE), length);
  }

  /**
   * The last four characters are a number of 64 bits, its lower parts the shorter n-grams: one
   * multiplication spreads each over the table.
   */
  private void characters(int from, int to) {
    char[] chars = excerpt.chars;
    int at = size;
    long last = 0;
    for (int i = from; i < to; i++) {
      last = last << 16 | chars[i];
      if (i > from) {
        hashes[at++] = spread(last & 0xffff_ffffL, TWO);
      }
      if (i > from + 1) {
        hashes[at++] = spread(last & 0xffff_ffff_ffffL, THREE);
      }
      if (i > from + 2) {
        hashes[at++] = spread(last, FOUR);
      }
    }
    size = at;
  }

  /** Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, 6.4). */
  private static int spread(long gram, long factor) {
    return (int) ((gram * factor) >>> (64 - BITS));
  }

  /** A word is a run of letters and digits, or one character of another kind. */
  private void splitWords() {
    char[] chars = excerpt.chars;
    int length = excerpt.length;
    int sentence = 0;
    wordCount = 0;
    for (int i = 0; i < length; ) {
      if (chars[i] == ' ') {
        i++;
        continue;
      }
      quoted[wordCount] = excerpt.quoted(i);
      starts[wordCount] = excerpt.sentence(i) != sentence;
      sentence = excerpt.sentence(i);
      int hash = mix(99, chars[i]);
      boolean letters = Excerpt.inWord(chars[i++]);
      while (letters && i < length && Excerpt.inWord(chars[i])) {
        hash = mix(hash, chars[i++]);
      }
      words[wordCount++] = hash;
    }
  }

  private void words(boolean inQuotes, int salt) {
    for (int i = 0; i < wordCount; i++) {
      if (quoted[i] == inQuotes) {
        add(mix(words[i], salt));
        if (i > 0) {
          add(mix(pair(i - 1), salt));
        }
      }
    }
  }

  private void head() {
    int to = Math.min(wordCount, EDGE);
    for (int i = 0; i < to; i++) {
      add(mix(words[i], AT_HEAD));
      if (i > 0) {
        add(mix(pair(i - 1), AT_HEAD));
      }
    }
    if (wordCount > 0) {
      add(mix(words[0], FIRST));
    }
    if (wordCount > 1) {
      add(mix(pair(0), FIRST));
    }
    if (wordCount > 2) {
      add(mix(triple(0), FIRST));
    }
  }

  private void tail() {
    for (int i = Math.max(0, wordCount - EDGE); i < wordCount; i++) {
      add(mix(words[i], AT_TAIL));
      if (i > 0) {
        add(mix(pair(i - 1), AT_TAIL));
      }
    }
    if (wordCount > 0) {
      add(mix(words[wordCount - 1], LAST));
    }
  }

  private void starts() {
    for (int i = 0; i < wordCount; i++) {
      if (starts[i]) {
        add(mix(words[i], START));
        if (i + 1 < wordCount) {
          add(mix(pair(i), START));
        }
        if (i + 2 < wordCount) {
          add(mix(triple(i), START));
        }
      }
    }
  }

  private int pair(int i) {
    return mix(words[i], words[i + 1]);
  }

  private int triple(int i) {
    return mix(pair(i), words[i + 2]);
  }

  private void close(Group group) {
    ends[group.slot] = size;
  }

  private void add(int hash) {
    hashes[size++] = (hash * 0x9E3779B1) >>> (32 - BITS);
  }

  private static int mix(int hash, int next) {
    int mixed = (hash ^ next) * 0x85EBCA6B;
    return mixed ^ (mixed >>> 15);
  }
}
