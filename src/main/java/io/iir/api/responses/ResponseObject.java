package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.api.ChatChoice;
import io.iir.api.ChatChunk;
import io.iir.api.ChatUsage;
import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The response object, as it becomes complete. Not thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/object">OpenAI's
 *     reference</a>
 */
final class ResponseObject {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String suffix = suffix();
  private final byte[] echo;
  private final String requestedModel;
  private final Output output;
  private final KeptItems kept;
  private @Nullable RawJson model;
  private @Nullable RawJson serviceTier;
  private @Nullable ChatUsage usage;
  private @Nullable JsonNode error;
  private @Nullable String incomplete;
  private String status = OutputItem.IN_PROGRESS;
  private long created;

  /**
   * The answer to a request for {@code requestedModel} that repeats {@code echo} of it; its items
   * go into {@code kept}, if the client has nothing against it.
   */
  ResponseObject(String requestedModel, byte[] echo, KeptItems kept) {
    this.kept = kept;
    this.requestedModel = requestedModel;
    this.echo = echo;
    this.output = Output.of(suffix, echo);
  }

  /** How it is: in progress, completed, incomplete or failed. */
  String status() {
    return status;
  }

  /** Takes in what a chunk, or a whole answer, says. */
  void add(ChatChunk chunk, Events events) {
    for (ChatChoice choice : chunk.choices()) {
      if (choice.index() == 0) {
        output.add(choice, events);
        if (choice.finishReason() != null) {
          finished(choice.finishReason(), events);
        }
      }
    }
    usage = chunk.usage() == null ? usage : chunk.usage();
    serviceTier = chunk.serviceTier() == null ? serviceTier : chunk.serviceTier();
  }

  /** Takes in what a first chunk, or a whole answer, says of who answers and when. */
  void begin(@Nullable ChatChunk chunk) {
    model = chunk == null ? null : chunk.model();
    created = chunk == null ? 0 : chunk.created();
    created = created == 0 ? System.currentTimeMillis() / 1_000 : created;
  }

  /** Nothing more will come. */
  void complete(Events events) {
    String itemStatus = incomplete == null ? OutputItem.COMPLETED : "incomplete";
    output.close(itemStatus, events);
    status = itemStatus;
    if (Echo.keepsItems(echo)) {
      output.keepIn(kept);
    }
  }

  /** It has failed: {@code what} has {@code code} and {@code message}. */
  void fail(JsonNode what) {
    output.close("incomplete", new Events());
    error = what;
    status = "failed";
  }

  /** Writes it as it is now. */
  void writeTo(ByteBuf out) {
    JsonOut.raw(out, "{\"id\":\"resp_" + suffix + "\",\"object\":\"response\",\"created_at\":");
    JsonOut.number(out, created);
    JsonOut.raw(out, ",\"status\":\"" + status + "\",\"completed_at\":");
    boolean completed = status.equals(OutputItem.COMPLETED);
    JsonOut.raw(out, completed ? Long.toString(System.currentTimeMillis() / 1_000) : "null");
    error(out);
    JsonOut.raw(out, ",\"incomplete_details\":");
    boolean cut = status.equals("incomplete");
    JsonOut.raw(out, cut ? "{\"reason\":\"" + incomplete + "\"}" : "null");
    JsonOut.raw(out, ",\"model\":");
    if (model == null) {
      JsonOut.string(out, requestedModel);
    } else {
      model.writeTo(out);
    }
    JsonOut.raw(out, ",\"output\":");
    if (status.equals(OutputItem.IN_PROGRESS)) {
      JsonOut.raw(out, "[]");
    } else {
      output.writeTo(out);
    }
    JsonOut.raw(out, ",");
    out.writeBytes(echo, 1, echo.length - 1);
    JsonOut.raw(out, ",\"service_tier\":");
    JsonOut.value(out, serviceTier);
    JsonOut.raw(out, ",\"usage\":");
    usage(out);
    JsonOut.raw(out, "}");
  }

  private void finished(String reason, Events events) {
    incomplete =
        switch (reason) {
          case "length" -> "max_output_tokens";
          case "content_filter" -> "content_filter";
          default -> null;
        };
    output.close(incomplete == null ? OutputItem.COMPLETED : "incomplete", events);
  }

  private void error(ByteBuf out) {
    JsonOut.raw(out, ",\"error\":");
    if (error == null) {
      JsonOut.raw(out, "null");
      return;
    }
    JsonOut.raw(out, "{\"code\":");
    JsonOut.string(out, error.path("code").asText("server_error"));
    JsonOut.raw(out, ",\"message\":");
    JsonOut.string(out, error.isTextual() ? error.asText() : error.path("message").asText(""));
    JsonOut.raw(out, "}");
  }

  private void usage(ByteBuf out) {
    ChatUsage used = usage;
    if (used == null) {
      JsonOut.raw(out, "null");
      return;
    }
    JsonOut.raw(
        out,
        """
        {"input_tokens":%d,"input_tokens_details":{"cached_tokens":%d,"cache_write_tokens":%d},\
        "output_tokens":%d,"output_tokens_details":{"reasoning_tokens":%d},"total_tokens":%d}\
        """
            .formatted(
                used.prompt(),
                used.cached(),
                used.written(),
                used.completion(),
                used.reasoning(),
                used.total()));
  }

  private static String suffix() {
    byte[] random = new byte[24];
    RANDOM.nextBytes(random); // an id is the key to its item
    return HexFormat.of().formatHex(random);
  }
}
