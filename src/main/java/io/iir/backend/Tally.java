package io.iir.backend;

import io.iir.openai.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one request has used: the provider's own count where it gave one, else an estimate of what
 * was sent, so that an answer which its client left is counted too.
 *
 * <p>Written on the call's event loop, read when the answer has ended.
 */
public final class Tally {

  private final int promptEstimate;
  private boolean called;
  private long sentNanos;
  private @Nullable Usage usage;
  private long deltas;
  private long textTokens;
  private long clientFirstTokenNanos;
  private long firstTokenNanos;
  private long finishedNanos;
  private boolean goesOn;
  private long promptBefore;
  private long completionBefore;
  private long nanoUsdBefore;
  private long promptAside;
  private long completionAside;
  private long nanoUsdAside;
  private @Nullable String finishReason;
  private @Nullable String failure;

  /** A tally of a request whose prompt is thought to have {@code promptEstimate} tokens. */
  public Tally(int promptEstimate) {
    this.promptEstimate = promptEstimate;
  }

  /**
   * A provider is being asked: from now on the prompt counts. What an earlier one said does not.
   */
  public void calling() {
    called = true;
    sentNanos = 0;
    usage = null;
    deltas = 0;
    textTokens = 0;
    clientFirstTokenNanos = 0;
    firstTokenNanos = 0;
    finishReason = null;
    finishedNanos = 0;
    goesOn = false;
    promptBefore = 0;
    completionBefore = 0;
    nanoUsdBefore = 0;
    failure = null;
  }

  /**
   * The answer has broken off: what it used until now counts, whoever goes on with it.
   *
   * @param nanoUsd what it has cost
   */
  public void brokeOff(long nanoUsd) {
    long prompt = promptTokens();
    completionBefore = completionTokens();
    promptBefore = prompt;
    nanoUsdBefore = nanoUsd;
    called = false;
    usage = null;
  }

  /**
   * Another provider goes on with the answer that {@linkplain #brokeOff broke off}: the client has
   * had its first token if there was one. How fast the other one is counts from its own.
   */
  public void goingOn() {
    called = true;
    sentNanos = 0;
    usage = null;
    firstTokenNanos = 0;
    goesOn = goesOn || deltas > 0;
    finishReason = null;
    finishedNanos = 0;
    failure = null;
  }

  /** The first byte goes to the provider that is asked. */
  public void sent() {
    if (sentNanos == 0) {
      sentNanos = System.nanoTime();
    }
  }

  /**
   * When the first byte went to the provider that was asked last, in {@link System#nanoTime} terms;
   * 0: none did, or this was asked before.
   */
  public long takeSent() {
    long sent = sentNanos;
    sentNanos = 0;
    return sent;
  }

  /** The provider that is asked has not used anything: it was not reached, or has refused. */
  public void notAnswered() {
    called = false;
  }

  /** The provider has refused, or failed: where nothing of its answer had come it used nothing. */
  public void refused() {
    if (completionTokens() <= completionBefore) {
      notAnswered();
    }
  }

  /**
   * The call has brought no answer, but is paid for: what it used counts beside what the request's
   * other calls use.
   *
   * @param nanoUsd what it cost
   */
  public void setAside(long nanoUsd) {
    promptAside += promptTokens();
    completionAside += completionTokens();
    nanoUsdAside += nanoUsd;
    called = false;
    usage = null;
    deltas = 0;
    textTokens = 0;
  }

  /** What was used beside {@code other} was used beside this. */
  public void asideOf(Tally other) {
    promptAside += other.promptAside;
    completionAside += other.completionAside;
    nanoUsdAside += other.nanoUsdAside;
  }

  /** The provider's own count. */
  public void reported(Usage reported) {
    usage = reported;
  }

  /** An event with content passed to the client, about {@code tokens} long. */
  public void delta(int tokens) {
    began();
    deltas++;
    textTokens += tokens;
  }

  /** The first of an answer that has no events passed to the client. */
  public void began() {
    if (firstTokenNanos == 0) {
      firstTokenNanos = System.nanoTime();
      if (clientFirstTokenNanos == 0) {
        clientFirstTokenNanos = firstTokenNanos;
      }
    }
  }

  /** A whole answer without a count of its own is about {@code tokens} long. */
  public void estimated(int tokens) {
    textTokens = tokens;
  }

  /** The answer says why it ends. */
  public void finished(String reason) {
    finishReason = reason;
    finishedNanos = System.nanoTime();
  }

  /** The stream broke off after it had begun. */
  public void failed(String code) {
    failure = code;
  }

  /** Whether a provider has answered, as far as it came, or is answering. */
  public boolean called() {
    return called || promptBefore > 0;
  }

  /**
   * When the client had its first token, whoever gave it, in {@link System#nanoTime} terms; 0: it
   * has had none.
   */
  public long clientFirstTokenNanos() {
    return clientFirstTokenNanos;
  }

  /**
   * When the first token of the provider that was asked last passed, in {@link System#nanoTime}
   * terms; 0: none has.
   */
  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  /**
   * When that provider had given all of its tokens, in {@link System#nanoTime} terms; 0: the answer
   * has not said why it ends, or it has tokens of another provider, which say nothing of this one's
   * rate.
   */
  public long finishedNanos() {
    return goesOn ? 0 : finishedNanos;
  }

  /** Why the model stopped, or null. */
  public @Nullable String finishReason() {
    return finishReason;
  }

  /** The code of what broke the stream off, or null. */
  public @Nullable String failure() {
    return failure;
  }

  /**
   * Tokens of the prompt: reported, else estimated; none of a provider that gave no answer. Where a
   * provider went on with the answer of another, its prompt was that one's prompt and answer.
   */
  public long promptTokens() {
    Usage known = usage;
    return !called
        ? promptBefore
        : known != null ? known.promptTokens() : promptBefore + completionBefore + promptEstimate;
  }

  /** Of {@link #promptTokens} those that the providers before the last one were sent. */
  public long promptTokensBefore() {
    return promptBefore;
  }

  /** Of {@link #completionTokens} those that the providers before the last one gave. */
  public long completionTokensBefore() {
    return completionBefore;
  }

  /** What the answer had cost when the last provider went on with it, in billionths of a USD. */
  public long nanoUsdBefore() {
    return nanoUsdBefore;
  }

  /** Tokens of prompts that were sent to others beside the provider that answered. */
  public long promptTokensAside() {
    return promptAside;
  }

  /** Tokens that those are known to have given, which nobody got. */
  public long completionTokensAside() {
    return completionAside;
  }

  /** What those cost, in billionths of a USD. */
  public long nanoUsdAside() {
    return nanoUsdAside;
  }

  /** Whether the provider has said what it counted. */
  public boolean isReported() {
    return usage != null;
  }

  /** Those of them that the provider says it had in its cache. */
  public long cachedTokens() {
    Usage known = usage;
    return called && known != null ? known.cachedTokens() : 0;
  }

  /**
   * How many times the estimated tokens the prompt had by the provider's own count; 0: it gave
   * none, or there was nothing to count.
   */
  public double promptRatio() {
    Usage known = usage;
    return !called || known == null || promptEstimate == 0
        ? 0
        : (double) known.promptTokens() / promptEstimate;
  }

  /**
   * Tokens of the answer: reported, else what was sent. Most servers send a token an event, some
   * several, so it is the larger of the events and of the estimate from the text.
   */
  public long completionTokens() {
    Usage known = usage;
    return !called
        ? completionBefore
        : known != null ? known.completionTokens() : Math.max(deltas, textTokens);
  }

  /** What the request costs of a token limit. */
  public long totalTokens() {
    return promptTokens() + completionTokens() + promptAside + completionAside;
  }
}
