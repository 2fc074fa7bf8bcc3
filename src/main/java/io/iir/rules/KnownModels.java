package io.iir.rules;

import io.iir.config.NearestName;
import io.iir.openai.ApiException;
import io.iir.provider.Model;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.language.Vocabulary;
import org.jspecify.annotations.Nullable;

/** Tells whether a model that a rule names can be asked. Thread-safe. */
final class KnownModels implements Vocabulary.ModelCheck {

  private final ProviderDirectory directory;

  KnownModels(ProviderDirectory directory) {
    this.directory = directory;
  }

  @Override
  public Vocabulary.@Nullable Finding check(String id) {
    int slash = id.indexOf('/');
    ModelName name = new ModelName(id.substring(0, slash), id.substring(slash + 1));
    try {
      directory.resolve(name);
      return null;
    } catch (ApiException unknown) {
      return isListless(name.provider())
          ? null // its servers may come up
          : new Vocabulary.Finding("unknown model '%s'".formatted(id), hint(id, unknown));
    }
  }

  private String hint(String id, ApiException unknown) {
    String nearest = NearestName.of(id, directory.models().stream().map(Model::id).toList());
    return nearest == null ? unknown.error().message() : "did you mean '%s'?".formatted(nearest);
  }

  private boolean isListless(String provider) {
    return directory.provider(provider) != null
        && directory.models().stream().noneMatch(model -> model.provider().equals(provider));
  }
}
