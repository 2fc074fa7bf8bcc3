package io.iir.flow;

import static io.iir.flow.BadInput.chat;
import static io.iir.flow.BadInput.goodChat;

import io.iir.flow.BadInput.Then;
import java.util.List;

/** JSON objects whose fields the gateway itself cannot do with. */
final class BadFields {

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final String MODEL = "\"model\":\"fake/m\"";

  private BadFields() {}

  static List<BadInput> all() {
    return List.of(
        field("no model", "{" + MESSAGES + "}", "'model' is missing"),
        model("a null model", "null", 400, "invalid_request", "'model' must be a string"),
        model("a number as model", "7", 400, "invalid_request", "'model' must be a string"),
        model("an empty model", "\"\"", 400, "invalid_request", "'model' must not be empty"),
        model("a long model", quoted("m".repeat(600)), 400, "invalid_request", "at most 512"),
        model("no provider", "\"gpt-4o\"", 400, "invalid_model_name", "write <provider>/<model>"),
        model("a line break", "\"fake/a\\nb\"", 400, "invalid_model_name", "control characters"),
        model("no model behind the slash", "\"fake/\"", 400, "invalid_model_name", "after the"),
        model("an unknown provider", "\"zzz/m\"", 404, "provider_not_found", "Providers: fake"),
        model(
            "a misspelt provider",
            "\"fkae/m\"",
            404,
            "provider_not_found",
            "Did you mean 'fake'? Providers: fake, fixed, sim"),
        model("an unknown model", "\"fixed/aplha\"", 404, "model_not_found", "It has: fixed/alpha"),
        model("an unknown strategy", "\"auto/nonsense\"", 400, "invalid_model_name", "cost, qual"),
        new BadInput(
            "fields",
            "an unknown X-Routing-Strategy",
            goodChat("X-Routing-Strategy: nonsense"),
            400,
            "invalid_request",
            "one of cost-optimized",
            Then.USABLE),
        field("no messages", "{" + MODEL + "}", "'messages' is missing"),
        field("empty messages", "{" + MODEL + ",\"messages\":[]}", "'messages' must not be empty"),
        field("messages no array", "{" + MODEL + ",\"messages\":\"Hi\"}", "must be an array"),
        field("a message no object", "{" + MODEL + ",\"messages\":[1]}", "'messages[0]' must be"),
        field("stream a string", with("\"stream\":\"yes\""), "'stream' must be true or false"),
        field("stream_options a number", with("\"stream_options\":1"), "must be an object"));
  }

  private static BadInput field(String name, String body, String says) {
    return new BadInput("fields", name, chat(body), 400, "invalid_request", says, Then.USABLE);
  }

  private static BadInput model(String name, String json, int status, String code, String says) {
    String body = "{\"model\":" + json + "," + MESSAGES + "}";
    return new BadInput("fields", name, chat(body), status, code, says, Then.USABLE);
  }

  private static String with(String field) {
    return "{" + MODEL + "," + MESSAGES + "," + field + "}";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
