package io.iir.flow;

import io.iir.api.completions.CompletionsApi;
import io.iir.api.messages.CountTokensApi;
import io.iir.api.messages.MessagesApi;
import io.iir.api.responses.ResponsesApi;
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
    return new EntryApi(new MessagesApi(directory));
  }

  /** The part of it that counts tokens. */
  @Bean
  Processor countTokensApi(ProviderDirectory directory) {
    return new EntryApi(new CountTokensApi(directory));
  }

  /** OpenAI's legacy completions. */
  @Bean
  Processor completionsApi() {
    return new EntryApi(new CompletionsApi());
  }

  /** OpenAI's Responses API. */
  @Bean
  Processor responsesApi() {
    return new EntryApi(new ResponsesApi());
  }
}
