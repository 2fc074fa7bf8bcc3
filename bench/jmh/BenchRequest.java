package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.Role;
import io.iir.config.IirProperties;
import io.iir.openai.ChatRequest;
import io.iir.provider.ModelName;
import io.iir.provider.ModelPattern;
import io.iir.throttle.LimitOverrides;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The request of the benchmarks of single steps, who sends it, and what earlier steps have set. */
final class BenchRequest {

  /** The model that it asks for. */
  static final ModelName MODEL = new ModelName("bench", "m");

  /** Who sends it. */
  static final ApiKey KEY =
      new ApiKey(
          "key_1",
          "web",
          "search",
          List.of(ModelPattern.ALL),
          LimitOverrides.NONE,
          null,
          Map.of(),
          null,
          Role.USER);

  private static final String HEAD =
      """
      {"model":"bench/m","temperature":0,"messages":[\
      {"role":"system","content":"You are a helpful assistant."},\
      {"role":"user","content":"\
      """;
  private static final String PROSE =
      "The brown fox lives at the edge of the wood behind the mill, and everyone in the village has"
          + " a story about it. Tell me in two sentences what it does in winter, and why. ";

  private BenchRequest() {}

  /** A body of {@code bytes} bytes; what number it has makes it another one. */
  static byte[] body(int bytes, int number) {
    StringBuilder text = new StringBuilder(HEAD).append(number).append(' ');
    while (text.length() < bytes - 4) {
      text.append(PROSE, 0, Math.min(PROSE.length(), bytes - 4 - text.length()));
    }
    return text.append("\"}]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The gateway's settings with these changes. */
  static IirProperties settings(Map<String, String> changes) {
    return new Binder(new MapConfigurationPropertySource(changes))
        .bindOrCreate("iir", IirProperties.class);
  }

  /** An exchange with {@code body}, as it is after the step classify. */
  static Exchange exchange(CamelContext context, byte[] body) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(body);
    Variables.TIMINGS.set(exchange, new Timings());
    Variables.REQUEST_ID.set(exchange, "0f8fad5bd9cb469fa165708676f1a7c2");
    Variables.PRINCIPAL.set(exchange, KEY);
    Variables.REQUEST.set(exchange, ChatRequest.parse(body));
    Variables.PROVIDER.set(exchange, MODEL.provider());
    Variables.MODEL.set(exchange, MODEL.model());
    Variables.STRATEGY.set(exchange, "pass-through");
    return exchange;
  }
}
