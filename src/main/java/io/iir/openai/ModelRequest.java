package io.iir.openai;

import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model, of any {@link Operation}: what the steps of the flow ask about it. What an
 * operation does not know has its plain default: no tools, no images, one answer. Immutable.
 */
public interface ModelRequest {

  /** What it wants of the model. */
  Operation operation();

  /** The model the client asked for. */
  String model();

  /** Whether the client wants the answer piece by piece. */
  default boolean stream() {
    return false;
  }

  /** Whether the client itself asked for usage in the stream. */
  default boolean includeUsage() {
    return false;
  }

  /** Other models that the request names and a provider may answer by. */
  default List<String> fallbacks() {
    return List.of();
  }

  /** An estimate of the prompt's tokens. */
  int promptTokens();

  /** The most tokens the answer may have; -1: not said. */
  default int maxTokens() {
    return -1;
  }

  /** How many answers the client wants, at least 1. */
  default int n() {
    return 1;
  }

  /** The sampling temperature, or null if it is absent. */
  default @Nullable Double temperature() {
    return null;
  }

  /** Whether there is a tool to call. */
  default boolean hasTools() {
    return false;
  }

  /** Whether there is an image to look at. */
  default boolean hasImages() {
    return false;
  }

  /** How many images there are to look at. */
  default int images() {
    return hasImages() ? 1 : 0;
  }

  /** How many documents and films there are to look at. */
  default int files() {
    return 0;
  }

  /** Whether the answer must be JSON. */
  default boolean jsonMode() {
    return false;
  }

  /** How many messages, texts or documents there are, at least 1. */
  default int messageCount() {
    return 1;
  }

  /** The text that says what is wanted, cut to a bounded length; empty if there is none. */
  String text();

  /** The beginning of the text of the user's turn before the last; empty if there is none. */
  default String previousText() {
    return "";
  }

  /** The beginning of the system prompt's text; empty if there is none. */
  default String systemText() {
    return "";
  }

  /** A number that is the same for the same end user, or for the same question. */
  int userHash();

  /**
   * A number that is the same for requests whose prompts begin alike, so that a server has already
   * worked the beginning out.
   */
  default long prefixHash() {
    return userHash();
  }

  /** The body's length in bytes. */
  int size();

  /** The media type of {@link #forUpstream}. */
  default String contentType() {
    return "application/json";
  }

  /** The body for a provider of OpenAI's protocol, with {@code upstreamModel} as its model. */
  byte[] forUpstream(String upstreamModel);

  /** Feeds {@code digest} what decides the answer: equal for requests that mean the same. */
  void digestInto(MessageDigest digest);
}
