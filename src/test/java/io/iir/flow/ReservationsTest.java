package io.iir.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.iir.openai.ChatRequest;
import io.iir.provider.ModelFacts;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Price;
import io.iir.provider.ProviderDirectory;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class ReservationsTest {

  private final Reservations reservations =
      new Reservations(
          new ProviderDirectory(List.of(), List.of(), Map.of(), List.of(), new ModelTraffic()),
          500);

  @Property(tries = 200)
  void costsAreNeverMoreThanTheirBound(
      @ForAll @StringLength(max = 300) String text,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 0, max = 5000) int max,
      @ForAll @IntRange(min = 0, max = 9000) int context,
      @ForAll @LongRange(min = 0, max = 100_000_000) long input,
      @ForAll @LongRange(min = 0, max = 100_000_000) long output,
      @ForAll @IntRange(min = 0, max = 100) int share) {
    Price price = new Price(BigDecimal.valueOf(input, 7), BigDecimal.valueOf(output, 7));
    ModelFacts facts =
        new ModelFacts(context == 0 ? null : context, null, price, null, Set.of(), Set.of());
    ChatRequest request = request(text, n, max);
    ChatRequest sent = (ChatRequest) reservations.limited(request, facts);
    long limit = sent.maxTokens() > 0 ? sent.maxTokens() : Long.MAX_VALUE;
    if (!price.isFree()) {
      assertThat(limit).as("there is a limit").isLessThan(Long.MAX_VALUE);
    }
    long answer = Math.min(limit, context == 0 ? Long.MAX_VALUE : context);
    long completion = answer == Long.MAX_VALUE ? 0 : n * answer * share / 100;
    long bytes = text.getBytes(UTF_8).length;
    long prompt = context == 0 ? bytes : Math.min(bytes, context);

    assertThat(reservations.nanoUsd(request, facts))
        .isGreaterThanOrEqualTo(price.nanoUsd(prompt, completion))
        .isGreaterThanOrEqualTo(price.nanoUsd(request.promptTokens(), completion));
  }

  private static ChatRequest request(String text, int n, int max) {
    String content = new TextNode(text).toString();
    String limit = max == 0 ? "" : ",\"max_tokens\":" + max;
    return ChatRequest.parse(
        "{\"model\":\"a/b\",\"n\":%d%s,\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
            .formatted(n, limit, content)
            .getBytes(UTF_8));
  }
}
