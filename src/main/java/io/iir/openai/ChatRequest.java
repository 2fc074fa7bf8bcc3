package io.iir.openai;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@code POST /v1/chat/completions}: what the gateway must know of it, and the
 * client's own bytes for everything else.
 *
 * <p>Only what the gateway itself relies on is checked; unknown roles, fields and values are the
 * provider's to judge. Immutable, as long as nobody writes into {@link #body()}.
 *
 * <p>Longer than 300 lines because each thing that steps and protocols may ask of a request says
 * what it is where the client has said nothing.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI's reference</a>
 */
public final class ChatRequest implements ModelRequest {

  private static final String[] LIMITS = {"max_tokens", "max_completion_tokens"};

  /** The longest name of a model, in characters. */
  public static final int MAX_MODEL = 512;

  /** The most models that {@link #fallbacks()} names. */
  public static final int MAX_FALLBACKS = 32;

  /** The most characters that {@link #text()} has. */
  public static final int MAX_TEXT = 8_192;

  /** The most characters that {@link #previousText()} and {@link #systemText()} have. */
  public static final int MAX_CONTEXT = 384;

  /** The most objects and arrays within each other. */
  public static final int MAX_DEPTH = 100;

  private static final byte[] CHAT = "chat".getBytes(StandardCharsets.UTF_8);

  private final byte[] body;
  private final @Nullable Original original;
  private final List<TopLevelField> fields;
  private final StreamOptions streamOptions;
  private final String model;
  private final String text;
  private final String previousText;
  private final String systemText;
  private final @Nullable Double temperature;
  private final List<String> fallbacks;
  private final int messageCount;
  private final int promptTokens;
  private final int maxTokens;
  private final int mostTokens;
  private final int limit;
  private final int n;
  private final boolean stream;
  private final boolean tools;
  private final int images;
  private final int files;
  private final boolean jsonMode;

  ChatRequest(byte[] body, @Nullable Original original, String model, ChatRequestParser parsed) {
    this.body = body;
    this.original = original;
    this.model = model;
    this.fields = parsed.fields;
    this.streamOptions = parsed.streamOptions;
    this.text = parsed.messages.lastUserText();
    this.previousText = parsed.messages.previousUserText();
    this.systemText = parsed.messages.systemText();
    this.temperature = parsed.temperature;
    this.fallbacks = List.copyOf(parsed.fallbacks);
    this.messageCount = parsed.messages.count();
    this.promptTokens = parsed.tokens.tokens();
    this.maxTokens = parsed.maxCompletionTokens > 0 ? parsed.maxCompletionTokens : parsed.maxTokens;
    this.mostTokens = Math.max(parsed.maxCompletionTokens, parsed.maxTokens);
    this.limit = 0;
    this.n = parsed.n;
    this.stream = parsed.stream;
    this.tools = parsed.tools;
    this.images = parsed.messages.images();
    this.files = parsed.messages.files();
    this.jsonMode = parsed.jsonMode;
  }

  private ChatRequest(ChatRequest client, int limit) {
    this.body = client.body;
    this.original = client.original;
    this.fields = client.fields;
    this.streamOptions = client.streamOptions;
    this.model = client.model;
    this.text = client.text;
    this.previousText = client.previousText;
    this.systemText = client.systemText;
    this.temperature = client.temperature;
    this.fallbacks = client.fallbacks;
    this.messageCount = client.messageCount;
    this.promptTokens = client.promptTokens;
    this.maxTokens = limit;
    this.mostTokens = limit;
    this.limit = limit;
    this.n = client.n;
    this.stream = client.stream;
    this.tools = client.tools;
    this.images = client.images;
    this.files = client.files;
    this.jsonMode = client.jsonMode;
  }

  /**
   * Reads a body, once.
   *
   * @throws ApiException 400 {@code invalid_json} if it is not one JSON object in UTF-8; 400 {@code
   *     invalid_request} with the field as {@code param} if {@code model}, {@code messages}, {@code
   *     stream} or {@code stream_options} is not what it must be
   */
  public static ChatRequest parse(byte[] body) {
    return new ChatRequestParser().parse(body, null);
  }

  /**
   * As {@link #parse(byte[])}, of a body that was made of a client's in another API.
   *
   * @param original what the client sent
   */
  public static ChatRequest of(byte[] body, Original original) {
    return new ChatRequestParser().parse(body, original);
  }

  /**
   * What a client sent in an API other than OpenAI's chat completions. A provider that speaks that
   * API itself gets it as it is, its model aside.
   *
   * @param api the API's name, such as {@code messages}
   * @param body the client's bytes, not to be written to; empty where no provider gets them
   * @param elsewhere what a provider of another protocol is not asked for, since the answer would
   *     not be what was asked for; null: others can answer, too
   * @param echo what the API's answers repeat of the request, in a form of the API's own
   * @param leftOut fields of the client's that have no place in a chat request, and do no harm by
   *     being left out of it
   * @param effortGuessed whether {@code reasoning_effort} was made of something else that the
   *     client said, so that models that do not reason are not to be told
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  public record Original(
      String api,
      byte[] body,
      @Nullable ApiException elsewhere,
      byte[] echo,
      List<String> leftOut,
      boolean effortGuessed) {

    private static final byte[] NOTHING = {};

    /** What others can answer, too. */
    public Original(String api, byte[] body) {
      this(api, body, null, NOTHING, List.of(), false);
    }

    /** What leaves nothing out. */
    public Original(String api, byte[] body, @Nullable ApiException elsewhere, byte[] echo) {
      this(api, body, elsewhere, echo, List.of(), false);
    }

    /** What no provider gets as it is, in an API whose answers repeat {@code echo}. */
    public static Original echoed(String api, byte[] echo) {
      return new Original(api, NOTHING, null, echo, List.of(), false);
    }

    /** What {@code elsewhere} says of providers of other protocols, unless it is null. */
    public static Original only(String api, byte[] body, @Nullable ApiException elsewhere) {
      return new Original(api, body, elsewhere, NOTHING, List.of(), false);
    }

    /** This, whose {@code reasoning_effort} is a guess if {@code guessed}. */
    public Original guessing(boolean guessed) {
      return new Original(api, body, elsewhere, echo, leftOut, guessed);
    }

    /** This, of which {@code fields} are left out where it is translated. */
    public Original without(List<String> fields) {
      return new Original(api, body, elsewhere, echo, List.copyOf(fields), effortGuessed);
    }
  }

  /** What the client sent, if that was in another API; else null. */
  public @Nullable Original original() {
    return original;
  }

  @Override
  public Operation operation() {
    return Operation.CHAT;
  }

  /** The model the client asked for, 1..{@value #MAX_MODEL} characters. */
  @Override
  public String model() {
    return model;
  }

  /**
   * The models that the field {@code models} names, in the provider's own terms: some providers
   * answer by one of them in place of {@link #model()}. An entry that is no string of at most
   * {@value #MAX_MODEL} characters, the field itself if it is no array, and whatever comes after
   * {@value #MAX_FALLBACKS} entries are there as an empty name.
   *
   * @see <a href="https://openrouter.ai/docs/guides/routing/model-fallbacks">OpenRouter's model
   *     fallbacks</a>
   */
  @Override
  public List<String> fallbacks() {
    return fallbacks;
  }

  /** Whether the client wants the answer as server-sent events. */
  @Override
  public boolean stream() {
    return stream;
  }

  /** Whether the client itself asked for usage in the stream. */
  @Override
  public boolean includeUsage() {
    return streamOptions.includesUsage();
  }

  /**
   * The most tokens the answer may have: {@code max_completion_tokens}, else {@code max_tokens}; -1
   * if neither is an integer of at least 1.
   */
  @Override
  public int maxTokens() {
    return maxTokens;
  }

  /**
   * The larger of {@code max_completion_tokens} and {@code max_tokens}, of which servers heed one
   * or the other; -1 if neither is an integer of at least 1.
   */
  public int mostTokens() {
    return mostTokens;
  }

  /** This request, whose answers have at most {@code most} tokens, whatever the client said. */
  public ChatRequest limitedTo(int most) {
    return new ChatRequest(this, most);
  }

  /** The limit that was set by {@link #limitedTo}; 0: the client's own holds. */
  public int limit() {
    return limit;
  }

  /** How many answers the client wants, at least 1. */
  @Override
  public int n() {
    return n;
  }

  /** The sampling temperature, or null if it is absent or no number. */
  @Override
  public @Nullable Double temperature() {
    return temperature;
  }

  /** Whether there is a tool, or a function of the older form, to call. */
  @Override
  public boolean hasTools() {
    return tools;
  }

  /** Whether a message has an image. */
  @Override
  public boolean hasImages() {
    return images > 0;
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public int files() {
    return files;
  }

  /** Whether the answer must be JSON, with or without a schema. */
  @Override
  public boolean jsonMode() {
    return jsonMode;
  }

  /** How many messages there are, at least 1. */
  @Override
  public int messageCount() {
    return messageCount;
  }

  /**
   * The text of the last user message, its parts joined by line breaks; of a text of more than
   * {@value #MAX_TEXT} characters the first and the last half of as many; empty if there is none.
   */
  @Override
  public String text() {
    return text;
  }

  /**
   * The text of the user message before the last, in the same form, cut to {@value #MAX_CONTEXT}
   * characters.
   */
  @Override
  public String previousText() {
    return previousText;
  }

  /**
   * The texts of the messages by {@code system} and {@code developer}, in the same form, cut to
   * {@value #MAX_CONTEXT} characters.
   */
  @Override
  public String systemText() {
    return systemText;
  }

  /** An estimate of the prompt's tokens: messages, images, tools and schema. */
  @Override
  public int promptTokens() {
    return promptTokens;
  }

  /**
   * A number that is the same for the same end user: of the bytes of {@code user}, else of {@code
   * safety_identifier}; where the client sends neither, of the last user message, so that the same
   * question has the same number.
   */
  @Override
  public int userHash() {
    return EndUser.hash(fields, body, text);
  }

  /** Of the messages up to the first by the user, that one included. */
  @Override
  public long prefixHash() {
    return ConversationPrefix.hash(body);
  }

  /** The body's length in bytes. */
  @Override
  public int size() {
    return body.length;
  }

  /** The client's bytes themselves, not a copy: not to be written to. */
  public byte[] body() {
    return body;
  }

  /**
   * This request as the strictest servers take it: one that was made of a client's in another API,
   * without the extensions that are for translators, whose names are left out of it. Any other is
   * this one.
   */
  @SuppressWarnings("ReferenceEquality") // the same bytes, not equal ones: nothing was changed
  public Strict strict() {
    if (original == null) {
      return new Strict(this, List.of());
    }
    StrictForm.Body strict = StrictForm.of(body);
    if (strict.body() == body) {
      return new Strict(this, strict.removed());
    }
    ChatRequest request = of(strict.body(), original);
    return new Strict(limit == 0 ? request : request.limitedTo(limit), strict.removed());
  }

  /**
   * A request as the strictest servers take it.
   *
   * @param leftOut fields that it had and that these do not know
   */
  public record Strict(ChatRequest request, List<String> leftOut) {}

  /**
   * The client's bytes, with {@code model} replaced and, if this is a stream whose client did not
   * ask for usage, {@code stream_options.include_usage} set to true. Every other byte stays as it
   * is. Where nothing changes it is {@link #body()} itself.
   */
  @Override
  public byte[] forUpstream(String upstreamModel) {
    if (limit > 0) {
      return forUpstream(upstreamModel, FieldRules.NONE);
    }
    boolean addUsage = stream && !includeUsage();
    if (!addUsage && upstreamModel.equals(model)) {
      return body;
    }
    Splice splice = new Splice(body);
    TopLevelField field = field("model");
    splice.replace(field.start(), field.end(), JsonBytes.quote(upstreamModel));
    if (addUsage) {
      streamOptions.addUsage(splice, field.end());
    }
    return splice.apply();
  }

  /**
   * As {@link #forUpstream(String)}, with the fields renamed and left out that {@code rules} name.
   * A request that has none of them is as it would be without rules. A limit that was set goes by
   * the name that {@code max_tokens} has in them.
   */
  public byte[] forUpstream(String upstreamModel, FieldRules rules) {
    FieldEdits edits = new FieldEdits(body, fields, limit > 0 ? rules.drop(LIMITS) : rules);
    boolean addUsage = stream && !includeUsage() && !rules.dropped().contains("stream_options");
    if (limit == 0 && edits.isEmpty() && (addUsage || !stream || includeUsage())) {
      return forUpstream(upstreamModel);
    }
    Splice splice = new Splice(body);
    TopLevelField field = field("model");
    splice.replace(field.start(), field.end(), modelAndLimit(upstreamModel, rules));
    if (addUsage) {
      streamOptions.addUsage(splice, field.end());
    }
    edits.make(splice);
    return splice.apply();
  }

  private byte[] modelAndLimit(String upstreamModel, FieldRules rules) {
    byte[] quoted = JsonBytes.quote(upstreamModel);
    if (limit == 0) {
      return quoted;
    }
    String name = rules.renamed().getOrDefault("max_tokens", "max_tokens");
    byte[] more = ",\"%s\":%d".formatted(name, limit).getBytes(StandardCharsets.US_ASCII);
    byte[] both = Arrays.copyOf(quoted, quoted.length + more.length);
    System.arraycopy(more, 0, both, quoted.length, more.length);
    return both;
  }

  /** The fields that {@code rules} leave out of this request, in its order. */
  public List<String> leftOut(FieldRules rules) {
    return rules.dropped().isEmpty()
        ? List.of()
        : fields.stream().map(TopLevelField::name).filter(rules.dropped()::contains).toList();
  }

  /**
   * Feeds {@code digest} what decides the answer: equal for two requests if and only if they are of
   * the same API and have the same {@link CanonicalForm}. Of a client's in another API its own
   * bytes count, where a provider may get them; what answers repeat of it does not, for that is
   * each request's own.
   */
  @Override
  public void digestInto(MessageDigest digest) {
    Original sent = original;
    byte[] api = sent == null ? CHAT : sent.api().getBytes(StandardCharsets.UTF_8);
    digest.update((byte) api.length);
    digest.update(api);
    CanonicalForm.digest(sent != null && sent.body().length > 0 ? sent.body() : body, digest);
  }

  private TopLevelField field(String name) {
    for (TopLevelField field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    throw new IllegalStateException("no field " + name);
  }

  /** Says how large the request is, nothing of what it says. */
  @Override
  public String toString() {
    return "ChatRequest[model=%s, %d messages, %d bytes]".formatted(model, messageCount, size());
  }
}
