package io.iir.api.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.iir.openai.JsonBytes;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The {@code encrypted_content} of a reasoning item: the provider's signed or encrypted reasoning
 * ({@code reasoning_details}), packed so that it comes back as it was with the next request. It
 * hides nothing: what must be hidden the provider has encrypted itself.
 */
final class ReasoningToken {

  private static final String PREFIX = "iir1.";

  private ReasoningToken() {}

  /** Packs {@code details}; the token needs no escape in JSON. */
  static String pack(ArrayNode details) {
    return PREFIX
        + Base64.getUrlEncoder().withoutPadding().encodeToString(JsonBytes.write(details));
  }

  /** What was packed; null if {@code token} is none of this gateway's. */
  static @Nullable ArrayNode unpack(String token) {
    if (!token.startsWith(PREFIX)) {
      return null;
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
      return JsonBytes.tree(json) instanceof ArrayNode details ? details : null;
    } catch (IllegalArgumentException notOurs) {
      return null;
    }
  }
}
