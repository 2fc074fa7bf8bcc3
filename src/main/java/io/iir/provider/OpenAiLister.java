package io.iir.provider;

import java.io.IOException;
import java.util.List;

/** Asks as OpenAI is asked: {@code GET /models}. */
final class OpenAiLister implements ModelLister {

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    return ModelListParser.models(
        ModelListParser.entries(inquiry.models().body()), ListedFacts::of);
  }
}
