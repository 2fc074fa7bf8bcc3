package io.iir.classify;

/**
 * Tells a text's main language from its scripts, and among languages of one script from their
 * commonest words.
 */
final class Languages {

  private Languages() {}

  /** The ISO 639-1 code, or {@link Classification#UNKNOWN_LANGUAGE}. */
  static String of(Excerpt text, Lexicon lexicon, int[] words) {
    int[] letters = new int[Script.values().length];
    for (int i = 0; i < text.length; i++) {
      char c = text.chars[i];
      if (c >= 'a' && c <= 'z') {
        letters[Script.LATIN.slot]++;
      } else if (c >= 0xaa) {
        Script script = Script.of(c);
        letters[script.slot] += Excerpt.eastAsian(c) ? 3 : 1;
      }
    }
    Script main = Script.OTHER;
    for (Script script : Script.values()) {
      if (script != Script.OTHER && letters[script.slot] > letters[main.slot]) {
        main = script;
      }
    }
    // Japanese mixes kana into its Han; Chinese has none.
    if (main == Script.HAN && letters[Script.KANA.slot] * 5 > letters[Script.HAN.slot]) {
      main = Script.KANA;
    }
    String best = main.language;
    int most = 0;
    for (int i = 0; i < words.length; i++) {
      String language = lexicon.languages().get(i);
      if (words[i] > most && Script.ofLanguage(language) == main) {
        most = words[i];
        best = language;
      }
    }
    return best;
  }

  /** A script and the language it means where no word says otherwise. */
  private enum Script {
    OTHER(0, Classification.UNKNOWN_LANGUAGE),
    LATIN(1, Classification.UNKNOWN_LANGUAGE),
    CYRILLIC(2, "ru"),
    ARABIC(3, "ar"),
    DEVANAGARI(4, "hi"),
    HAN(5, "zh"),
    KANA(6, "ja"),
    HANGUL(7, "ko"),
    THAI(8, "th"),
    GREEK(9, "el"),
    HEBREW(10, "he");

    private final int slot;
    private final String language;

    Script(int slot, String language) {
      this.slot = slot;
      this.language = language;
    }

    static Script ofLanguage(String language) {
      return switch (language) {
        case "ru", "uk", "bg", "sr" -> CYRILLIC;
        case "ar", "fa", "ur" -> ARABIC;
        case "hi", "mr", "ne" -> DEVANAGARI;
        default -> LATIN;
      };
    }

    static Script of(char c) {
      if (c < 0x370) {
        return Character.isLetter(c) ? LATIN : OTHER;
      }
      if (c <= 0x3ff) {
        return GREEK;
      }
      if (c <= 0x52f) {
        return CYRILLIC;
      }
      if (c >= 0x590 && c <= 0x5ff) {
        return HEBREW;
      }
      if (c >= 0x600 && c <= 0x6ff) {
        return ARABIC;
      }
      if (c >= 0x900 && c <= 0x97f) {
        return DEVANAGARI;
      }
      if (c >= 0xe00 && c <= 0xe7f) {
        return THAI;
      }
      if (c >= 0x3040 && c <= 0x30ff) {
        return KANA;
      }
      if (c >= 0x3400 && c <= 0x9fff) {
        return HAN;
      }
      if (c >= 0xac00 && c <= 0xd7af) {
        return HANGUL;
      }
      return c >= 0x1e00 && c <= 0x1eff ? LATIN : OTHER;
    }
  }
}
