package io.iir.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.openai.FormData.Part;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of a {@code POST /v1/audio/transcriptions}: what the gateway must know of it, and the
 * client's own bytes for everything else. The file in it is neither read nor copied but for {@link
 * #forUpstream}. Immutable, as long as nobody writes into the bytes it was read from.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/audio/createTranscription">OpenAI's
 *     reference</a>
 */
public final class TranscriptionRequest implements ModelRequest {

  /**
   * Bytes of a file for which one token is reserved: a tenth of a second, which OpenAI's models
   * charge as a token, of sound at 128 kbit/s.
   */
  static final int BYTES_PER_TOKEN = 1_600;

  /** Fields that count once and in this spelling. */
  private static final Set<String> KNOWN = Set.of("model", "file", "stream", "prompt");

  private final byte[] body;
  private final String contentType;
  private final Part modelPart;
  private final Part file;
  private final String model;
  private final String prompt;
  private final List<String> fallbacks;
  private final int promptTokens;
  private final boolean stream;

  private TranscriptionRequest(byte[] body, String contentType, List<Part> parts) {
    this.body = body;
    this.contentType = contentType;
    checkNames(parts);
    modelPart = required(parts, "model", "name the model in a field of the form");
    file = required(parts, "file", "send the sound as a file of the form");
    model = checkedModel();
    Part hint = part(parts, "prompt");
    prompt = hint == null ? "" : text(hint);
    Part streamed = part(parts, "stream");
    stream = streamed != null && text(streamed).strip().equalsIgnoreCase("true");
    List<String> names = new ArrayList<>();
    for (Part each : parts) {
      if (each.name().equals("models") || each.name().equals("models[]")) {
        names.add(each.size() <= ChatRequest.MAX_MODEL ? text(each) : "");
      }
    }
    fallbacks = List.copyOf(names);
    TokenEstimator tokens = new TokenEstimator();
    tokens.add(prompt.toCharArray(), 0, prompt.length());
    promptTokens = tokens.tokens() + Math.ceilDiv(file.size(), BYTES_PER_TOKEN);
  }

  /**
   * Reads a form, once.
   *
   * @param contentType the form's media type, with its boundary
   * @throws ApiException 400 {@code invalid_request} if it is no form, or {@code model} or {@code
   *     file} is not what it must be
   */
  public static TranscriptionRequest parse(byte[] body, String contentType) {
    return new TranscriptionRequest(body, contentType, FormData.parse(body, contentType));
  }

  private static void checkNames(List<Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      String name = parts.get(i).name();
      String written = name.toLowerCase(Locale.ROOT);
      if (KNOWN.contains(written)) {
        if (!name.equals(written)) {
          throw fault(name, "must be written '%s'".formatted(written));
        }
        for (Part before : parts.subList(0, i)) {
          if (before.name().equals(name)) {
            throw fault(name, "is in the form twice: send it once");
          }
        }
      }
    }
  }

  private static @Nullable Part part(List<Part> parts, String name) {
    for (Part part : parts) {
      if (part.name().equals(name)) {
        return part;
      }
    }
    return null;
  }

  private static Part required(List<Part> parts, String name, String remedy) {
    Part part = part(parts, name);
    if (part == null) {
      throw fault(name, "is missing: " + remedy);
    }
    if (part.size() == 0) {
      throw fault(name, "must not be empty: " + remedy);
    }
    return part;
  }

  private String checkedModel() {
    String remedy = ": name the model, such as \"auto\"";
    if (modelPart.file()) {
      throw fault("model", "must be a plain field, not a file" + remedy);
    }
    String name = text(modelPart);
    if (name.length() > ChatRequest.MAX_MODEL) {
      throw fault(
          "model", "must have at most %d characters".formatted(ChatRequest.MAX_MODEL) + remedy);
    }
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw fault("model", "must be one line with something in it" + remedy);
    }
    return name;
  }

  private String text(Part part) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(body, part.start(), part.size());
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw fault(part.name(), "is not valid UTF-8");
    }
  }

  private static ApiException fault(String name, String wrong) {
    return ApiException.invalidRequest("'%s' %s.".formatted(name, wrong), name);
  }

  @Override
  public Operation operation() {
    return Operation.TRANSCRIPTION;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public boolean stream() {
    return stream;
  }

  @Override
  public List<String> fallbacks() {
    return fallbacks;
  }

  /** An estimate: of the hint's text, and of the file's length by its size. */
  @Override
  public int promptTokens() {
    return promptTokens;
  }

  /** The hint that the client gives with the sound, cut; empty if there is none. */
  @Override
  public String text() {
    BoundedText text = new BoundedText();
    text.add(prompt.toCharArray(), 0, prompt.length());
    return text.toString();
  }

  @Override
  public int userHash() {
    return 31 * prompt.hashCode() + file.size();
  }

  @Override
  public int size() {
    return body.length;
  }

  /** The client's own: the boundary stays what it is. */
  @Override
  public String contentType() {
    return contentType;
  }

  /** The client's bytes with the content of the part {@code model} replaced. */
  @Override
  public byte[] forUpstream(String upstreamModel) {
    return upstreamModel.equals(model)
        ? body
        : new Splice(body)
            .replace(modelPart.start(), modelPart.end(), upstreamModel.getBytes(UTF_8))
            .apply();
  }

  /** All of the body: two forms are hardly ever equal, for their boundaries are not. */
  @Override
  public void digestInto(MessageDigest digest) {
    digest.update(operation().word().getBytes(US_ASCII));
    digest.update(body);
  }

  /** Says how large the request is, nothing of what it says. */
  @Override
  public String toString() {
    return "TranscriptionRequest[model=%s, %d bytes]".formatted(model, size());
  }
}
