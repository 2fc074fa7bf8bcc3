package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.api.messages.CountTokensApi;
import io.iir.api.messages.MessagesApi;
import io.iir.provider.ProviderDirectory;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names the APIs that clients speak, for the first steps of their entries. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {

  /** Anthropic's Messages API. */
  @Bean
  Processor messagesApi(ProviderDirectory directory) {
    return speaking(new MessagesApi(directory));
  }

  /** The part of it that counts tokens. */
  @Bean
  Processor countTokensApi(ProviderDirectory directory) {
    return speaking(new CountTokensApi(directory));
  }

  private static Processor speaking(ClientApi api) {
    return exchange -> Variables.API.set(exchange, api);
  }
}
