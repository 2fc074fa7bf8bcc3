package io.iir.flow;

import io.iir.api.OperationApi;
import io.iir.openai.Operation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names the APIs of operations other than conversations, for the first steps of their entries. */
@Configuration(proxyBeanMethods = false)
public class OperationEntries {

  @Bean
  EntryApi embeddingsApi() {
    return new EntryApi(new OperationApi("embeddings", Operation.EMBEDDINGS));
  }

  @Bean
  EntryApi rerankApi() {
    return new EntryApi(new OperationApi("rerank", Operation.RERANK));
  }

  @Bean
  EntryApi moderationsApi() {
    return new EntryApi(new OperationApi("moderations", Operation.MODERATION));
  }

  @Bean
  EntryApi imagesApi() {
    return new EntryApi(new OperationApi("images-generations", Operation.IMAGE));
  }

  @Bean
  EntryApi speechApi() {
    return new EntryApi(new OperationApi("audio-speech", Operation.SPEECH));
  }

  @Bean
  EntryApi transcriptionsApi() {
    return new EntryApi(new OperationApi("audio-transcriptions", Operation.TRANSCRIPTION));
  }
}
