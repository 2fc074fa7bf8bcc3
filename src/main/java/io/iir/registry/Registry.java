package io.iir.registry;

import io.iir.provider.KeptLists;
import io.iir.provider.ListedModel;
import io.iir.provider.Model;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.ProviderStatus;
import io.iir.registry.KnownProvider.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the database keeps of providers and models. Blocks: not for event loops. Thread-safe: what
 * one provider's list changes is worked out and written before the next.
 */
public final class Registry implements KeptLists {

  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

  private final ProviderDirectory directory;
  private final RegistryStore store;
  private final JdbcClient atStart;

  /**
   * What {@code store} keeps of the providers in {@code directory}.
   *
   * @param atStart the same database, for what is read before the routes run
   */
  public Registry(ProviderDirectory directory, RegistryStore store, JdbcClient atStart) {
    this.directory = directory;
    this.store = store;
    this.atStart = atStart;
  }

  /** The lists of the providers that have the base URL which they had: others are others. */
  @Override
  public Map<Provider, KeptList> load(List<Provider> providers) {
    Map<Provider, KeptList> lists = new LinkedHashMap<>();
    for (Provider provider : providers) {
      atStart
          .sql(
              """
              select kind from registry_providers
              where name = ? and base_urls = ? and listed_at > 0
              """)
          .param(provider.name())
          .param(ListedJson.texts(List.of(provider.baseUrl().toString())))
          .query(String.class)
          .optional()
          .ifPresent(kind -> lists.put(provider, new KeptList(list(provider), Kinds.known(kind))));
    }
    return lists;
  }

  private List<ListedModel> list(Provider provider) {
    Map<String, ListedModel> models = new LinkedHashMap<>();
    atStart
        .sql(
            """
            select upstream, listed from registry_models
            where provider = ? and listed is not null and gone_at is null order by place, name
            """)
        .param(provider.name())
        .query((row, number) -> ListedJson.read(row.getString("upstream"), row.getString("listed")))
        .list()
        .forEach(model -> {
          if (model != null) {
            models.putIfAbsent(model.name(), model);
          }
        });
    return List.copyOf(models.values());
  }

  @Override
  public void listed(Provider provider, List<ListedModel> models, Instant at) {
    if (store.isOpen()) {
      Changes changes = keep(provider, models, State.OK, at);
      LOG.debug("{}: {} new, {} gone", provider.name(), changes.added(), changes.gone());
    }
  }

  @Override
  public void failed(Provider provider, String reason, Instant at) {
    if (store.isOpen()) {
      store.list(
          KnownProvider.of(provider, status(provider), State.FAILED, reason, at).toRow(),
          List.of(),
          List.of());
    }
  }

  /**
   * Keeps what {@code provider} has at {@code at} by the directory, and tells what that changes.
   *
   * @param listed what it lists itself
   */
  synchronized Changes keep(Provider provider, List<ListedModel> listed, State state, Instant at) {
    List<KnownModel> now = now(provider, listed);
    Changes changes = Changes.of(before(provider), now.stream().map(KnownModel::name).toList());
    store.list(
        KnownProvider.of(provider, status(provider), state, null, at).toRow(),
        now.stream().map(model -> model.toRow(at)).toList(),
        changes.gone().stream().map(name -> gone(provider, name, at)).toList());
    return changes;
  }

  private List<KnownModel> now(Provider provider, List<ListedModel> listed) {
    Map<String, String> said = new HashMap<>();
    listed.forEach(model -> said.putIfAbsent(model.name(), ListedJson.write(model)));
    boolean searched = directory.searchesLocal() && provider.name().equals(Provider.LOCAL);
    List<KnownModel> now = new ArrayList<>();
    for (Model model : directory.models()) {
      if (model.provider().equals(provider.name())) {
        String entry = said.get(model.upstream());
        String source = entry == null ? source(model) : searched ? Provider.LOCAL : "listed";
        now.add(new KnownModel(model, now.size(), source, entry));
      }
    }
    return now;
  }

  /** Where a model is from that its provider does not list: whether it runs does not matter. */
  private static String source(Model model) {
    return switch (model.state()) {
      case STOPPED, LOADING, READY, FAILED -> Model.State.CONFIGURED.word();
      default -> model.state().word();
    };
  }

  private Map<String, Changes.Before> before(Provider provider) {
    Map<String, Changes.Before> before = new LinkedHashMap<>();
    store
        .read(RegistryStore.Rows.MODELS, provider.name())
        .forEach(row ->
            before.put(
                String.valueOf(row.get("name")),
                "gone".equals(row.get("state")) ? Changes.Before.GONE : Changes.Before.THERE));
    return before;
  }

  private static Map<String, @Nullable Object> gone(Provider provider, String name, Instant at) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("provider", provider.name());
    row.put("name", name);
    row.put("at", at.toEpochMilli());
    return row;
  }

  private ProviderStatus status(Provider provider) {
    return directory.status().stream()
        .filter(status -> status.name().equals(provider.name()))
        .findFirst()
        .orElseThrow();
  }
}
