package io.iir.api;

import org.jspecify.annotations.Nullable;

/**
 * A call of a tool, or a piece of one.
 *
 * @param index which of the answer's calls it belongs to; negative: not said
 * @param id the call's id, a string; null: not said here
 * @param name the tool's name, a string; null: not said here
 * @param input what is added to its arguments, or to a custom tool's input, a string; null: nothing
 * @param custom whether the tool is a custom one, whose input is plain text
 * @param extra what else the provider wants back with the call ({@code extra_content}); null:
 *     nothing
 */
public record ChatCall(
    int index,
    @Nullable RawJson id,
    @Nullable RawJson name,
    @Nullable RawJson input,
    boolean custom,
    @Nullable RawJson extra) {}
