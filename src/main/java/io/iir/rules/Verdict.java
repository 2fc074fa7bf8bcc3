package io.iir.rules;

/** What came of asking rules: a {@link Decision}, or a {@link Failure}. */
public sealed interface Verdict permits Decision, Failure {}
