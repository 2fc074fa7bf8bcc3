package io.iir.protocol;

import io.iir.protocol.anthropic.AnthropicProtocol;
import io.iir.protocol.bedrock.BedrockProtocol;
import io.iir.protocol.gemini.GeminiProtocol;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names the protocols. */
@Configuration(proxyBeanMethods = false)
public class ProtocolConfiguration {

  @Bean
  Protocols protocols() {
    return new Protocols(
        List.of(
            new OpenAiProtocol(),
            new AnthropicProtocol(),
            new GeminiProtocol(),
            new BedrockProtocol()));
  }
}
