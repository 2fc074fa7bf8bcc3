package io.iir.classify;

import java.util.function.Consumer;

/** Tells which {@link Sign}s a text bears, from its size, its characters and its counts. */
final class Signs {

  private Signs() {}

  static void forEach(Excerpt text, int[] counts, Consumer<Sign> bearer) {
    bearer.accept(Sign.ALWAYS);
    int size = text.length + 2 * text.eastAsian;
    bearer.accept(size(size));
    int code = counts[Count.CODE.slot()];
    int numbers = text.numbers + counts[Count.NUMBER.slot()];
    code(code, bearer);
    formula(text, counts, code, bearer);
    numbers(text, numbers, size, bearer);
    question(text, numbers, size, code, bearer);
    layout(text, counts, bearer);
  }

  private static Sign size(int size) {
    if (size <= 40) {
      return size <= 12 ? Sign.TINY : Sign.SHORT;
    }
    if (size <= 400) {
      return size <= 120 ? Sign.BRIEF : Sign.MEDIUM;
    }
    return size <= 1_000 ? Sign.LONG : Sign.VERY_LONG;
  }

  private static void code(int code, Consumer<Sign> bearer) {
    if (code >= 2) {
      bearer.accept(Sign.CODE);
    }
    if (code >= 6) {
      bearer.accept(Sign.MUCH_CODE);
    }
  }

  private static void formula(Excerpt text, int[] counts, int code, Consumer<Sign> bearer) {
    int latex = counts[Count.LATEX.slot()] + text.dollars;
    // Source code is full of operators: there, only a crowd of them is a formula.
    int marks = counts[Count.FORMULA.slot()] / (code >= 2 ? 3 : 1);
    if (marks == 1) {
      bearer.accept(Sign.OPERATOR);
    }
    if (marks >= 2) {
      bearer.accept(Sign.FORMULA);
    }
    if (marks >= 5) {
      bearer.accept(Sign.MUCH_FORMULA);
    }
    if (latex >= (code >= 2 ? 4 : 1)) {
      bearer.accept(Sign.LATEX);
    }
  }

  private static void numbers(Excerpt text, int numbers, int size, Consumer<Sign> bearer) {
    if (numbers >= 2) {
      bearer.accept(Sign.NUMBERS);
    }
    if (text.numbers >= 4 && size < 900) {
      bearer.accept(Sign.MANY_NUMBERS);
    }
  }

  private static void question(
      Excerpt text, int numbers, int size, int code, Consumer<Sign> bearer) {
    if (text.endsAsking) {
      bearer.accept(Sign.ASKS);
      if (text.lastSentence() >= 2 && size <= 500 && numbers <= 1) {
        bearer.accept(Sign.SITUATION);
      }
      if (size > 30 && size <= 900 && numbers >= 2 && code < 2) {
        bearer.accept(Sign.WORD_PROBLEM);
      }
    } else if (text.questionMarks > 0) {
      bearer.accept(Sign.ASKS_INSIDE);
    }
    if (size > 450 && (text.endsAsking || text.firstLineAsks)) {
      bearer.accept(Sign.PASSAGE);
    }
  }

  private static void layout(Excerpt text, int[] counts, Consumer<Sign> bearer) {
    if (counts[Count.OPTION.slot()] >= 3) {
      bearer.accept(Sign.OPTIONS);
    }
    if (text.rows >= 3) {
      bearer.accept(Sign.TABLE);
    }
    if (text.colonBlock) {
      bearer.accept(Sign.COLON_BLOCK);
    } else if (text.colon) {
      bearer.accept(Sign.COLON);
    }
    if (text.quotedCount * 10 > text.length * 3) {
      bearer.accept(Sign.QUOTED);
    }
    int latin = text.latinLetters;
    int other = text.letters - latin;
    if (latin > 8 && other > 8 && latin * 10 > text.letters && other * 10 > text.letters) {
      bearer.accept(Sign.TWO_SCRIPTS);
    }
  }
}
