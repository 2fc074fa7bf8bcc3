package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.Sha256;
import io.iir.config.IirProperties;
import io.iir.config.IirProperties.CacheScope;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelPattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where a request's answer lies in the cache: the SHA-256, in hex, of who shares it, what the rules
 * are asked for, the client's headers that providers go by, and the request's canonical form. Each
 * part stands behind its length, each list behind its count, so that no two have one form.
 * Thread-safe.
 */
@Component
public final class CacheKeys {

  /** The client's headers that are passed on and can change an answer. */
  private static final List<String> HEADERS =
      List.of("anthropic-beta", "anthropic-version", "openai-beta");

  private static final String BY_KEY = "key";
  private static final String BY_TEAM = "team";

  private final CacheScope scope;

  /** Keys of answers that those share whom {@code properties} name. */
  public CacheKeys(IirProperties properties) {
    this.scope = properties.cache().scope();
  }

  /**
   * The key of the exchange's request. Two requests share one only if those who sent them may share
   * answers and may call the same models.
   */
  String of(Exchange exchange) {
    ApiKey tenant = Variables.PRINCIPAL.get(exchange);
    MessageDigest digest = Sha256.digest();
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    String team = scope == CacheScope.TEAM ? tenant.team() : null;
    add(digest, length, team == null ? BY_KEY : BY_TEAM);
    add(digest, length, team == null ? tenant.id() : team);
    List<String> models = texts(tenant.models());
    digest.update(length.clear().putInt(models.size()).flip());
    for (String pattern : models) {
      add(digest, length, pattern);
    }
    add(digest, length, Variables.PROVIDER.get(exchange));
    add(digest, length, Variables.MODEL.find(exchange));
    add(digest, length, Variables.STRATEGY.get(exchange));
    for (String header : HEADERS) {
      add(digest, length, exchange.getMessage().getHeader(header, String.class));
    }
    ModelRequest request = Variables.REQUEST.get(exchange);
    request.digestInto(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<String> texts(List<ModelPattern> models) {
    return models.size() == 1
        ? List.of(models.getFirst().text())
        : models.stream().map(ModelPattern::text).sorted().toList();
  }

  private static void add(MessageDigest digest, ByteBuffer length, @Nullable String part) {
    byte[] bytes = part == null ? null : part.getBytes(StandardCharsets.UTF_8);
    digest.update(length.clear().putInt(bytes == null ? -1 : bytes.length).flip());
    if (bytes != null) {
      digest.update(bytes);
    }
  }
}
