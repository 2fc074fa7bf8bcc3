package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.Gateway;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of rules over JMX, and so in Hawtio: the same names after each edit. */
class RulesJmxIT {

  private static final String NAMED = "${variable.strategy} == 'pass-through'";
  private static final int EDITS = 5;

  @TempDir Path folder;

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
  private RuleFolder rules;
  private Gateway gateway;

  @BeforeEach
  void start() {
    rules = new RuleFolder(folder).write(text("sim/echo", "v0"));
    gateway = Gateway.start(rules.settings());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
  }

  /** The ids stay, as they do in a file that an operator edits. */
  private static String text(String targets, String reason) {
    return RuleFolder.rule(targets, "rest")
        .replace(
            "- setVariable: {name: targets, constant",
            "- setVariable: {name: reason, constant: "
                + reason
                + "}\n                - setVariable: {name: targets, constant");
  }

  @Test
  void namesStayOverEdits() throws Exception {
    Set<String> names = names();
    assertThat(names)
        .contains(
            "org.apache.camel:context=iir-rules,name=\"provider-choice\",type=routes",
            "org.apache.camel:context=iir-rules,name=\"provider-choice.choice-L7\",type=processors");
    for (int i = 1; i <= EDITS; i++) {
      edit(i);
      assertThat(names()).isEqualTo(names);
    }
  }

  @Test
  void countsAreOfTheVersionThatIsLive() throws Exception {
    for (int i = 1; i <= EDITS; i++) {
      edit(i);
      long before = route("iir-rules");
      assertThat(before).isEqualTo(matches().values().stream().mapToLong(Long::longValue).sum());
      ask("auto");
      ask("auto");
      ask("sim/echo");
      assertThat(route("iir-rules")).isEqualTo(before + 3);
      assertThat(matches()).containsEntry(NAMED, 1L).containsEntry("otherwise", before + 2);
      assertThat(before).as("begun anew").isLessThan(3);
    }
  }

  @Test
  void theStepCountsOverEdits() throws Exception {
    int asked = 0;
    for (int i = 1; i <= EDITS; i++) {
      asked += edit(i);
      assertThat(route("iir")).isEqualTo(asked);
    }
  }

  @Test
  void aBrokenEditChangesNothing() throws Exception {
    ask("auto");
    Set<String> names = names();
    long count = route("iir-rules");
    rules.write("- route: [");
    await().until(() -> gateway.get("/health").body().contains("degraded"));
    assertThat(names()).isEqualTo(names);
    assertThat(route("iir-rules")).isEqualTo(count);
  }

  /** Returns how many requests it took until the edit was live. */
  private int edit(int number) {
    rules.write(text(number % 2 == 0 ? "sim/echo" : "sim/lorem", "v" + number));
    await()
        .until(() -> gateway.get("/api/v1/rules").body().contains("\"version\":" + (number + 1)));
    assertThat(ask("auto")).isEqualTo("v" + number);
    return 1;
  }

  private Set<String> names() throws JMException {
    return beans.queryNames(new ObjectName("org.apache.camel:context=iir-rules,*"), null).stream()
        .map(ObjectName::getCanonicalName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private long route(String context) throws JMException {
    return (Long)
        beans.getAttribute(name(context, "routes", "provider-choice"), "ExchangesCompleted");
  }

  /** How often each case was taken, by its condition. */
  private Map<String, Long> matches() throws JMException {
    TabularData table =
        (TabularData)
            beans.invoke(
                name("iir-rules", "processors", "provider-choice.choice-L7"),
                "extendedInformation",
                new Object[0],
                new String[0]);
    Map<String, Long> matches = new TreeMap<>();
    for (Object row : table.values()) {
      CompositeData branch = (CompositeData) row;
      matches.put((String) branch.get("predicate"), (Long) branch.get("matches"));
    }
    return matches;
  }

  private static ObjectName name(String context, String type, String id) throws JMException {
    return new ObjectName(
        "org.apache.camel:context=%s,type=%s,name=\"%s\"".formatted(context, type, id));
  }

  private String ask(String model) {
    HttpResponse<String> answer =
        gateway.chat(
            """
            {"model": "%s", "messages": [{"role": "user", "content": "%d"}]}\
            """
                .formatted(model, System.nanoTime()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("X-Route-Reason").orElseThrow();
  }
}
