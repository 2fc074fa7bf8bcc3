package io.iir.openai;

/**
 * The tokens a provider says it charged for.
 *
 * @param promptTokens tokens of the prompt, those from the provider's cache among them
 * @param completionTokens tokens of the answer, hidden reasoning among them
 * @param totalTokens the provider's total, or the sum of both where it gives none
 * @param cachedTokens the part of the prompt that came from the provider's cache
 */
public record Usage(int promptTokens, int completionTokens, int totalTokens, int cachedTokens) {}
