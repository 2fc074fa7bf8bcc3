package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;

/** What the client is told of a field that cannot be carried. */
final class Refusal {

  private Refusal() {}

  /** 400: {@code param} must be {@code what}. */
  static ApiException mustBe(String param, String what) {
    return ApiException.invalidRequest("'%s' must be %s.".formatted(param, what), param);
  }

  /** 400: the type that {@code param} names is not one that goes through here. */
  static ApiException unknownType(String param, JsonNode type, String known) {
    String given = type.isTextual() ? "'" + cut(type.asText()) + "'" : "missing";
    return ApiException.invalidRequest(
        "'%s' is %s: this gateway carries %s.".formatted(param, given, known), param);
  }

  /** 400: {@code param} cannot be carried; {@code instead} says what to do. */
  static ApiException notHere(String param, String instead) {
    return ApiException.invalidRequest(
        "'%s' cannot be carried: %s.".formatted(param, instead), param);
  }

  private static String cut(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
