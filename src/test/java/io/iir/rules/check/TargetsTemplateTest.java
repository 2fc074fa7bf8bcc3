package io.iir.rules.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTemplateTest {

  private static final DefaultCamelContext CONTEXT = RuleContexts.create("t", false, Map.of());

  @AfterAll
  static void close() {
    CONTEXT.stop();
  }

  private static String evaluate(String text, String value) {
    assertThat(TargetsTemplate.check(text)).isNull();
    TargetsTemplate template = new TargetsTemplate(text);
    template.init(CONTEXT);
    Exchange exchange = new DefaultExchange(CONTEXT);
    for (String fact : new String[] {"provider", "model", "team"}) {
      exchange.setVariable(fact, value);
    }
    return template.evaluate(exchange, String.class);
  }

  @Test
  void putsNamesIn() {
    assertThat(evaluate("local/${variable.model}, p/x", "llama3.1:8b"))
        .isEqualTo("local/llama3.1:8b, p/x");
    assertThat(evaluate("local(${variable.team})", "p/a")).isEqualTo("local(p/a)");
    assertThat(evaluate("${variable.provider}/${variable.model}", "a, b")).isEqualTo("a, b/a, b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a, openai/gpt-4o", "a,openai/b", "a)", "(a", "a\"", "*", "openai/*", "a b", ""})
  void nothingEndsAName(String value) {
    assertThatThrownBy(() -> evaluate("local/${variable.model}", value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "hosted", "cheapest", "!local", "tools", "quality>=0.1"})
  void nothingIsAWord(String value) {
    assertThatThrownBy(() -> evaluate("${variable.team}", value))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> evaluate("local(${variable.team})", value))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
