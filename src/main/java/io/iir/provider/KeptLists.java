package io.iir.provider;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where lists of models are kept, so that a restart knows them. Thread-safe; may block. */
public interface KeptLists {

  /** Keeps nothing. */
  KeptLists NONE =
      new KeptLists() {
        @Override
        public Map<Provider, KeptList> load(List<Provider> providers) {
          return Map.of();
        }

        @Override
        public void listed(Provider provider, List<ListedModel> models, Instant at) {}

        @Override
        public void failed(Provider provider, String reason, Instant at) {}
      };

  /**
   * A list that was kept.
   *
   * @param kind what kind of provider gave it; null: that is not known
   */
  record KeptList(List<ListedModel> models, @Nullable String kind) {}

  /** The lists that were kept of {@code providers}: those that are where they were. */
  Map<Provider, KeptList> load(List<Provider> providers);

  /** {@code provider} has given a list; the directory knows it already. */
  void listed(Provider provider, List<ListedModel> models, Instant at);

  /** {@code provider} was asked and gave no list, for {@code reason}. */
  void failed(Provider provider, String reason, Instant at);
}
