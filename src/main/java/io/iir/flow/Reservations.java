package io.iir.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.IirProperties;
import io.iir.openai.ChatRequest;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.provider.Candidate;
import io.iir.provider.ModelFacts;
import io.iir.provider.ModelName;
import io.iir.provider.Price;
import io.iir.provider.ProviderDirectory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * What a request may cost at most, so that a budget which it passes is never exceeded. A prompt has
 * no more tokens than bytes, since no tokenizer makes more of a text; an answer has as many as the
 * request allows, and where it allows any number, {@link #limited} sets one. Thread-safe.
 */
@Component
public final class Reservations {

  /**
   * The most tokens that a vendor counts for an image, rounded up: gpt-4o-mini's 2833 and eight
   * tiles of 5667.
   *
   * @see <a href="https://platform.openai.com/docs/guides/images-vision">OpenAI: images</a>
   */
  static final int IMAGE_TOKENS = 50_000;

  /** For a document or a film, whose length is not known, where the model has no known context. */
  static final int FILE_TOKENS = 1_000_000;

  /** For an image that is made: a large one of high quality has 6208. */
  static final int MADE_IMAGE_TOKENS = 10_000;

  /** What providers put around a conversation by templates of their own, and around tools. */
  static final int TEMPLATE_TOKENS = 128;

  static final int TOOLS_TOKENS = 1024;

  /** What is put around each message or text; JSON has more bytes around it than that. */
  private static final int TEXT_TOKENS = 8;

  private final ProviderDirectory directory;
  private final int maxOutput;

  /** Reckons by prices from {@code directory}, and where nothing else says how long answers are. */
  @Autowired
  public Reservations(ProviderDirectory directory, IirProperties properties) {
    this(directory, properties.budgets().maxOutput());
  }

  Reservations(ProviderDirectory directory, int maxOutput) {
    this.directory = directory;
    this.maxOutput = maxOutput;
  }

  /**
   * What {@code request} may cost at most at {@code model}, {@code <provider>/<model>}; 0 where
   * that is not on offer, or no price of it is known. In billionths of a USD.
   */
  long nanoUsd(ModelRequest request, String model) {
    if (!ModelName.isValid(model)) {
      return 0;
    }
    Candidate named = directory.candidate(ModelName.parse(model, List::of));
    return named == null ? 0 : nanoUsd(request, named.facts());
  }

  /** What {@code request} may cost at most at a model; in billionths of a USD, rounded up. */
  long nanoUsd(ModelRequest request, ModelFacts facts) {
    Price price = facts.price();
    return price == null || price.isFree()
        ? 0
        : price.nanoUsdAtMost(promptTokens(request, facts), completionTokens(request, facts));
  }

  /**
   * {@code request} as it is sent to a model with {@code facts} where a budget has to last: with a
   * limit on its answers where its client set none that every server heeds.
   */
  ModelRequest limited(ModelRequest request, ModelFacts facts) {
    return limits(request, facts) && request instanceof ChatRequest chat
        ? chat.limitedTo((int) answerTokens(chat, facts))
        : request;
  }

  /** Whether {@link #limited} sets a limit on what {@code model} answers to {@code request}. */
  boolean limits(ModelRequest request, ModelName model) {
    Candidate named = directory.candidate(model);
    return named != null && limits(request, named.facts());
  }

  private static boolean limits(ModelRequest request, ModelFacts facts) {
    Price price = facts.price();
    if (price == null || price.isFree() || !(request instanceof ChatRequest chat)) {
      return false;
    }
    ChatRequest.Original original = chat.original();
    return chat.maxTokens() <= 0 || (original != null && isText(original));
  }

  /** The most tokens that {@code request}'s prompt may have at the model. */
  static long promptTokens(ModelRequest request, ModelFacts facts) {
    long texts = request.messageCount();
    long tokens =
        size(request)
            + TEMPLATE_TOKENS
            + (request.hasTools() ? TOOLS_TOKENS : 0)
            + (long) request.images() * IMAGE_TOKENS
            + (long) request.files() * FILE_TOKENS
            + texts * TEXT_TOKENS;
    if (request.operation() == Operation.RERANK) {
      tokens += texts * Math.min(size(request), 4L * ChatRequest.MAX_TEXT); // with each document
    }
    Integer context = facts.context();
    if (context != null) {
      // A batch of texts has a context for each of them.
      long most = request.operation() == Operation.CHAT ? context : context * Math.max(1, texts);
      tokens = Math.min(tokens, most);
    }
    return Math.max(tokens, request.promptTokens());
  }

  private static long size(ModelRequest request) {
    ChatRequest.Original original = request instanceof ChatRequest chat ? chat.original() : null;
    return original == null ? request.size() : Math.max(request.size(), original.body().length);
  }

  /** The most tokens that all answers to {@code request} may have together. */
  private long completionTokens(ModelRequest request, ModelFacts facts) {
    return switch (request.operation()) {
      case EMBEDDINGS, RERANK, MODERATION -> 0;
      case IMAGE ->
          request.n() * (facts.maxOutput() == null ? MADE_IMAGE_TOKENS : (long) facts.maxOutput());
      case CHAT, SPEECH, TRANSCRIPTION -> answers(request) * answerTokens(request, facts);
    };
  }

  private long answerTokens(ModelRequest request, ModelFacts facts) {
    long most = request instanceof ChatRequest chat ? chat.mostTokens() : request.maxTokens();
    if (most <= 0) {
      Integer known = facts.maxOutput();
      most = known == null ? maxOutput : known;
      return within(facts.context(), request.promptTokens(), most);
    }
    return facts.context() == null ? most : Math.min(most, facts.context());
  }

  /** Servers refuse a limit that does not fit into the context behind the prompt. */
  private static long within(@Nullable Integer context, int promptTokens, long most) {
    if (context == null) {
      return most;
    }
    long room = (long) context - promptTokens - promptTokens / 4 - 64;
    return Math.max(1, room < 16 ? Math.min(most, context) : Math.min(most, room));
  }

  /** How many answers are made; a text completion may be the best of several. */
  private static long answers(ModelRequest request) {
    if (request instanceof ChatRequest chat) {
      ChatRequest.Original original = chat.original();
      if (original != null && isText(original) && original.body().length > 0) {
        JsonNode best = JsonBytes.object(original.body()).path("best_of");
        return (long) request.n() * Math.max(1, best.asInt(1));
      }
    }
    return request.n();
  }

  private static boolean isText(ChatRequest.Original original) {
    return original.api().equals("completions");
  }
}
