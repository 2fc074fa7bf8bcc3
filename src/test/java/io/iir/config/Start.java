package io.iir.config;

import io.iir.IirApplication;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Starts an application that only binds the settings, in an environment made for the test. */
final class Start {

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(IirProperties.class)
  static class OnlySettings {}

  private Start() {}

  /** The settings that {@code variables}, an environment, give. */
  static IirProperties with(Map<String, String> variables) {
    SpringApplication application = new SpringApplication(OnlySettings.class);
    application.setEnvironment(new Made(variables));
    application.setRegisterShutdownHook(false);
    try (ConfigurableApplicationContext context = application.run()) {
      return context.getBean(IirProperties.class);
    }
  }

  /** Starts a whole gateway in an environment that {@code variables} make. */
  static ConfigurableApplicationContext gateway(Map<String, String> variables) {
    SpringApplication application = IirApplication.application();
    application.setEnvironment(new Made(variables));
    application.setRegisterShutdownHook(false);
    return application.run();
  }

  /** An environment that the machine's own does not reach into. */
  private static final class Made extends StandardEnvironment {
    Made(Map<String, String> variables) {
      super(sources(variables));
    }

    private static MutablePropertySources sources(Map<String, String> variables) {
      MutablePropertySources sources = new MutablePropertySources();
      Map<String, Object> all = new LinkedHashMap<>(variables);
      // Without it a config/iir.yaml of whoever runs the test would be read.
      all.putIfAbsent(OperatorFile.VARIABLE, "");
      sources.addLast(
          new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, all));
      return sources;
    }

    @Override
    protected void customizePropertySources(MutablePropertySources propertySources) {}
  }
}
