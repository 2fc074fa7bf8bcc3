package io.iir.classify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for. The first eight are told from its text, the last three from its shape; a
 * category is what is asked for, not what the text contains.
 */
public enum Category {
  /** Greetings, thanks, small talk, questions about the assistant itself, a joke, yes or no. */
  SIMPLE_CHAT("simple_chat", 0.02),
  /** Questions of knowledge, explanations, advice, ideas. */
  GENERAL_CHAT("general_chat", 0.12),
  /** Write, explain, port or repair code, queries, configuration. */
  CODING("coding", 0.3),
  /** Reason about a given text, table or situation: extract, classify, compare, solve a puzzle. */
  ANALYSIS("analysis", 0.3),
  /** Stories, poems, songs, role play, and texts to be composed such as letters. */
  CREATIVE_WRITING("creative_writing", 0.25),
  /** Make a given text or conversation shorter. */
  SUMMARIZATION("summarization", 0.2),
  /** Carry text or a word into another human language. */
  TRANSLATION("translation", 0.15),
  /** Calculate, solve, prove. */
  MATH("math", 0.3),
  /** The request carries images. */
  VISION("vision", 0.3),
  /** The request offers tools. */
  FUNCTION_CALLING("function_calling", 0.3),
  /** The prompt is longer than {@link Classifier#LONG_CONTEXT_TOKENS}. */
  LONG_CONTEXT("long_context", 0.5);

  /** The categories that are told from the text, in the order of a model's columns. */
  public static final List<Category> OF_TEXT =
      List.of(
          SIMPLE_CHAT,
          GENERAL_CHAT,
          CODING,
          ANALYSIS,
          CREATIVE_WRITING,
          SUMMARIZATION,
          TRANSLATION,
          MATH);

  private final String wireName;
  private final double effort;

  Category(String wireName, double effort) {
    this.wireName = wireName;
    this.effort = effort;
  }

  /** The category of that name among those told from the text, or null. */
  public static @Nullable Category ofText(String wireName) {
    for (Category category : OF_TEXT) {
      if (category.wireName.equals(wireName)) {
        return category;
      }
    }
    return null;
  }

  /** The name in headers, metrics, rules and the administration interface. */
  public String wireName() {
    return wireName;
  }

  /** What an empty request of this category already contributes to {@link Complexity}, 0..1. */
  public double effort() {
    return effort;
  }
}
