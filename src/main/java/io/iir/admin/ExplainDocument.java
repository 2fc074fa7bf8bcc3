package io.iir.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.rules.RuleEdit;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator wants to have explained. Immutable.
 *
 * @param request the chat request
 * @param headers what it is to come with, names in lower case; null: what it came with
 * @param key the id of the API key that it is to come from; null: the administrator's
 * @param rule the text that is to be tried; null: none
 */
record ExplainDocument(
    ChatRequest request,
    @Nullable Map<String, String> headers,
    @Nullable String key,
    @Nullable RuleEdit rule) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> FIELDS = List.of("request", "headers", "key", "rule");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");
  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "proxy-authorization");
  private static final int LONGEST_HEADER = 1000;
  private static final int LONGEST_ID = 100;

  /**
   * Reads a chat request, or {@code {"request", "headers", "key", "rule"}} with one in it.
   *
   * @throws ApiException 400 if it is neither
   */
  static ExplainDocument parse(byte @Nullable [] sent) {
    byte[] body = sent == null ? new byte[0] : sent;
    JsonNode root = JsonBody.parse(body);
    if (!root.has("request")) {
      return new ExplainDocument(ChatRequest.parse(body), null, null, null);
    }
    Fields.checkNames(root, "", FIELDS);
    JsonNode key = root.path("key");
    return new ExplainDocument(
        ChatRequest.parse(request(body)),
        headers(root.path("headers")),
        isThere(key) ? Fields.text(key, "key", LONGEST_ID) : null,
        rule(root.path("rule")));
  }

  private static boolean isThere(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The bytes of the field {@code request}, as they are: the cache knows a request by them. */
  private static byte[] request(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals("request");
        json.nextToken();
        int begin = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        json.finishToken();
        if (wanted && begin >= 0) {
          return Arrays.copyOfRange(body, begin, (int) json.currentLocation().getByteOffset());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("it was read before", e);
    }
    throw ApiException.invalidJson("The body is not valid JSON: it is not UTF-8.");
  }

  private static @Nullable Map<String, String> headers(JsonNode node) {
    if (!isThere(node)) {
      return null;
    }
    if (!node.isObject()) {
      throw Fields.invalid("headers", "must be an object of strings, not " + Fields.kind(node));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    node.properties()
        .forEach(header -> {
          String name = header.getKey().toLowerCase(Locale.ROOT);
          String param = "headers." + header.getKey();
          if (!HEADER.matcher(name).matches()) {
            throw Fields.invalid(param, "is no header's name");
          }
          if (SECRET.contains(name)) {
            throw Fields.invalid(
                param, "cannot be given: name an API key by its id in 'key' instead");
          }
          if (headers.put(name, Fields.text(header.getValue(), param, LONGEST_HEADER)) != null) {
            throw Fields.invalid(param, "is there twice");
          }
        });
    return headers;
  }

  /** The YAML itself, or {@code {"text", "id"}}. */
  private static @Nullable RuleEdit rule(JsonNode node) {
    if (!isThere(node)) {
      return null;
    }
    if (node.isObject()) {
      return RuleEdits.of(node, "rule.");
    }
    if (node.isTextual() && !node.textValue().isBlank()) {
      return RuleEdit.of(node.textValue());
    }
    throw Fields.invalid("rule", "must be the rule's YAML as a string, or {\"text\", \"id\"}");
  }
}
