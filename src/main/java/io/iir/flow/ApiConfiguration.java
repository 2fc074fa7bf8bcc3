package io.iir.flow;

import io.iir.api.completions.CompletionsApi;
import io.iir.api.responses.ResponsesApi;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names the APIs that clients speak, for the first steps of their entries. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {

  @Bean
  Processor completionsApi() {
    return new EntryApi(new CompletionsApi());
  }

  @Bean
  Processor responsesApi() {
    return new EntryApi(new ResponsesApi());
  }
}
