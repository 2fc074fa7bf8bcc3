package io.iir.classify;

/**
 * Makes one letter of those that are written in several ways, so that a cue is found however a user
 * types it: lower case, Arabic without vowel signs and with one form of alif, yeh and kaf, nothing
 * invisible.
 */
final class Letters {

  private static final String ACCENTED =
      "àáâãäåāăąçćčďèéêëēęěğìíîïīıłñńňòóôõöőøōřśşšșťţțùúûüűůūýÿźżž";
  private static final String BARE = "aaaaaaaaacccdeeeeeeegiiiiiilnnnoooooooorsssstttuuuuuuuyyzzz";

  /** A shorter word without its accents is too often a word of another language. */
  private static final int SHORTEST = 6;

  private Letters() {}

  /** Whether the character tells anything; vowel signs, joiners and the like do not. */
  static boolean counts(char c) {
    return c < 0x300
        || !((c >= 0x64b && c <= 0x652)
            || c == 0x640
            || c == 0x670
            || c == 0x93c
            || (c >= 0x200b && c <= 0x200f)
            || c == 0xfeff);
  }

  /** The form of {@code c} that stands for all its forms. */
  static char even(char c) {
    if (c < 0x600 || c > 0x95f) {
      return Character.toLowerCase(c);
    }
    return switch (c) {
      case 'أ', 'إ', 'آ', 'ٱ' -> 'ا';
      case 'ى', 'ی' -> 'ي';
      case 'ة' -> 'ه';
      case 'ک' -> 'ك';
      case '\u0958' -> 'क';
      case '\u0959' -> 'ख';
      case '\u095a' -> 'ग';
      case '\u095b' -> 'ज';
      case '\u095c' -> 'ड';
      case '\u095d' -> 'ढ';
      case '\u095e' -> 'फ';
      default -> c;
    };
  }

  /**
   * Takes the accents off a phrase as many users type it.
   *
   * @return whether there were any; a short word, or a Vietnamese one, keeps them
   */
  static boolean plain(StringBuilder phrase) {
    if (phrase.length() < SHORTEST) {
      return false;
    }
    boolean changed = false;
    for (int i = 0; i < phrase.length(); i++) {
      char c = phrase.charAt(i);
      if (c >= 0xe0 && c < 0x250) {
        int at = ACCENTED.indexOf(c);
        if (at >= 0) {
          phrase.setCharAt(i, BARE.charAt(at));
          changed = true;
        }
      } else if (c >= 0x1ea0 && c <= 0x1ef9) {
        return false;
      }
    }
    return changed;
  }
}
