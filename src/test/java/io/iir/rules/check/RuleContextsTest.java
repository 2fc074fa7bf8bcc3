package io.iir.rules.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleContextsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"http:localhost", "file:/tmp", "log:a", "bean:desk", "platform-http:/a", "seda:a"})
  void noEndpointButDirectIsReached(String uri) throws Exception {
    try (DefaultCamelContext context = started(Map.of())) {
      assertThatThrownBy(() -> context.getEndpoint(uri))
          .hasStackTraceContaining("not allowed in rules");
      assertThat(context.getEndpoint("direct:a")).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bean", "groovy", "ref", "tokenize", "csimple", "header"})
  void noOtherLanguageIsReached(String language) throws Exception {
    try (DefaultCamelContext context = started(Map.of())) {
      assertThatThrownBy(() -> context.resolveLanguage(language))
          .hasStackTraceContaining("not allowed in rules");
      assertThat(context.resolveLanguage("simple")).isNotNull();
    }
  }

  @Test
  void onlyItsBeansAreInItsRegistry() throws Exception {
    try (DefaultCamelContext context = started(Map.of("desk", "a bean"))) {
      assertThat(context.getRegistry().lookupByName("desk")).isEqualTo("a bean");
      assertThat(context.getRegistry().findByType(Object.class))
          .filteredOn(found -> !found.getClass().getName().startsWith("org.apache.camel."))
          .containsExactly("a bean");
      assertThat(context.getEndpoint("bean:desk")).isNotNull();
    }
  }

  @Test
  void aMissingRuleFailsAtOnce() throws Exception {
    try (DefaultCamelContext context = started(Map.of())) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> context.createProducerTemplate().sendBody("direct:nowhere", ""))
          .hasStackTraceContaining("No consumers available");
      assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }
  }

  @Test
  void allShareOneExecutor() throws Exception {
    try (DefaultCamelContext one = started(Map.of());
        DefaultCamelContext other = started(Map.of())) {
      assertThat(one.getCamelContextExtension().getReactiveExecutor())
          .isSameAs(other.getCamelContextExtension().getReactiveExecutor());
    }
  }

  @Test
  void aNodeWithoutIdIsNamedByItsLine() throws Exception {
    try (DefaultCamelContext context = RuleContexts.create("test", false, Map.of())) {
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:a").routeId("a").setVariable("b").constant("c");
            }
          });
      context.start();
      assertThat(context.getProcessor("a.setVariable-L0")).isNotNull();
    }
  }

  private static DefaultCamelContext started(Map<String, Object> beans) {
    DefaultCamelContext context = RuleContexts.create("test", false, beans);
    context.start();
    return context;
  }
}
