package io.iir.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.List;

/**
 * A JSON request of an {@link Operation} other than a conversation: embeddings, rerank, moderation,
 * an image, speech. What the gateway must know of it, and the client's own bytes for everything
 * else. Immutable, as long as nobody writes into the bytes it was read from.
 */
public final class OperationRequest implements ModelRequest {

  private final Operation operation;
  private final byte[] body;
  private final List<TopLevelField> fields;
  private final List<String> fallbacks;
  private final String model;
  private final String text;
  private final int promptTokens;
  private final int count;
  private final int n;
  private final boolean stream;
  private final boolean images;

  OperationRequest(Operation operation, byte[] body, String model, OperationParser parsed) {
    this.operation = operation;
    this.body = body;
    this.model = model;
    this.fields = parsed.fields;
    this.fallbacks = List.copyOf(parsed.fallbacks);
    this.text = parsed.text.toString();
    this.promptTokens = parsed.tokens.tokens();
    this.count = Math.max(1, parsed.count);
    this.n = parsed.n;
    this.stream = parsed.stream;
    this.images = parsed.images;
  }

  /**
   * Reads a body, once. Beside {@code model} are required: {@code input} of embeddings, moderations
   * and speech, {@code query} and {@code documents} of rerank, {@code prompt} of images.
   *
   * @param operation one whose body is JSON, but not a conversation
   * @throws ApiException 400 {@code invalid_json} if it is not one JSON object in UTF-8; 400 {@code
   *     invalid_request} with the field as {@code param} if a required one is not what it must be
   */
  public static OperationRequest parse(Operation operation, byte[] body) {
    return OperationParser.of(operation).parse(body);
  }

  @Override
  public Operation operation() {
    return operation;
  }

  @Override
  public String model() {
    return model;
  }

  /** Whether the client wants server-sent events: of images, or of speech ({@code sse}). */
  @Override
  public boolean stream() {
    return stream;
  }

  @Override
  public List<String> fallbacks() {
    return fallbacks;
  }

  /** An estimate of what goes in: texts, documents, token ids, images to look at. */
  @Override
  public int promptTokens() {
    return promptTokens;
  }

  /** None where the answer is numbers. */
  @Override
  public int maxTokens() {
    return operation.isRepeatable() ? 0 : -1;
  }

  @Override
  public int n() {
    return n;
  }

  @Override
  public boolean hasImages() {
    return images;
  }

  @Override
  public int messageCount() {
    return count;
  }

  /** The texts, joined by line breaks and cut; of rerank the query. */
  @Override
  public String text() {
    return text;
  }

  @Override
  public int userHash() {
    return EndUser.hash(fields, body, text);
  }

  @Override
  public int size() {
    return body.length;
  }

  /** The client's bytes with {@code model} replaced, every other byte as it is. */
  @Override
  public byte[] forUpstream(String upstreamModel) {
    if (upstreamModel.equals(model)) {
      return body;
    }
    for (TopLevelField field : fields) {
      if (field.name().equals("model")) {
        byte[] quoted = JsonBytes.quote(upstreamModel);
        return new Splice(body).replace(field.start(), field.end(), quoted).apply();
      }
    }
    throw new IllegalStateException("no field model");
  }

  /** As of a conversation, with the operation before it: the same body may be of several. */
  @Override
  public void digestInto(MessageDigest digest) {
    byte[] word = operation.word().getBytes(US_ASCII);
    digest.update((byte) word.length);
    digest.update(word);
    CanonicalForm.digest(body, digest);
  }

  /** Says how large the request is, nothing of what it says. */
  @Override
  public String toString() {
    return "OperationRequest[%s, model=%s, %d bytes]".formatted(operation.word(), model, size());
  }
}
