package io.iir.provider;

import java.util.List;

/** What is known of models beforehand, without asking who has them. Thread-safe. */
public interface KnownModels {

  /** Nothing is. */
  KnownModels NONE =
      new KnownModels() {
        @Override
        public ModelFacts facts(String provider, String upstream) {
          return ModelFacts.UNKNOWN;
        }

        @Override
        public List<String> models(String provider) {
          return List.of();
        }
      };

  /** What is known of the model that {@code provider} knows as {@code upstream}. */
  ModelFacts facts(String provider, String upstream);

  /** The models that {@code provider} is known to have, as it names them. */
  List<String> models(String provider);
}
