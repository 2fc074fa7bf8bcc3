package io.iir.flow;

import io.iir.api.ClientApi;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The first step of an entry whose clients speak another API than OpenAI's chat completions: says
 * which. Thread-safe.
 */
final class EntryApi implements Processor {

  private final ClientApi api;

  EntryApi(ClientApi api) {
    this.api = api;
  }

  @Override
  public void process(Exchange exchange) {
    Variables.API.set(exchange, api);
  }
}
