package io.iir.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.ManagementSettings;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** What docs/HAWTIO.md says to write can be written. */
class HawtioDocTest {

  private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

  @Test
  void itsOperationsAreSettings() throws Exception {
    ManagementSettings settings = bound(example());
    assertThat(settings.operations()).hasSize(3);
    assertThat(violations(settings)).isEmpty();
    LookOnly policy =
        new LookOnly(settings.operations().stream().map(AllowedOperation::parse).toList());
    ObjectName route =
        new ObjectName("org.apache.camel:context=iir,type=routes,name=\"chat-completions\"");
    assertThat(policy.isOperationAllowed(route, "stop()")).isTrue();
    assertThat(policy.isOperationAllowed(route, "stop(long)")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.iir:type=Cache",
        "io.iir:type=Cache/",
        "io.iir:type=Cache/clear(",
        "io.iir:type=Cache/clear()x",
        "io.iir:type=Cache/cl*",
        "Cache/clear"
      })
  void otherTextsAreRefused(String operation) {
    assertThat(violations(new ManagementSettings(null, "127.0.0.1", List.of(operation))))
        .singleElement()
        .asString()
        .contains("must be '<MBean or pattern>/<operation>'");
  }

  private static String example() throws IOException {
    Matcher block = YAML.matcher(Files.readString(Path.of("docs/HAWTIO.md")));
    assertThat(block.find()).as("a YAML block in docs/HAWTIO.md").isTrue();
    return block.group(1);
  }

  private static ManagementSettings bound(String yaml) throws IOException {
    MutablePropertySources sources = new MutablePropertySources();
    for (PropertySource<?> source :
        new YamlPropertySourceLoader()
            .load("example", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
      sources.addLast(source);
    }
    return new Binder(ConfigurationPropertySources.from(sources))
        .bind("iir.management", ManagementSettings.class)
        .get();
  }

  private static List<String> violations(ManagementSettings settings) {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      return factory.getValidator().validate(settings).stream()
          .map(violation -> violation.getPropertyPath() + " " + violation.getMessage())
          .toList();
    }
  }
}
