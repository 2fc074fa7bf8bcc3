package io.iir.cli;

import io.iir.rules.RuleEdit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be explained.
 *
 * @param edit what is tried in the place of a rule; null: nothing
 * @param body the chat request, JSON; null: {@code request} is given
 * @param headers those that the request comes with, names in lower case
 * @param key the id of the API key that it comes with; null: the administrator's
 * @param request the id of a recorded request; null: {@code body} is given
 */
record Question(
    @Nullable RuleEdit edit,
    @Nullable String body,
    Map<String, String> headers,
    @Nullable String key,
    @Nullable String request) {}
