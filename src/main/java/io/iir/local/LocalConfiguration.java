package io.iir.local;

import io.iir.config.IirProperties;
import io.iir.config.LocalModelSettings;
import io.iir.config.StartException;
import io.iir.hardware.HardwareProbe;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.store.DataDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together the models that are started on demand, from settings. */
@Configuration(proxyBeanMethods = false)
class LocalConfiguration {

  private static final String FOLDER = "local";
  private static final String OLLAMA = "http://127.0.0.1:11434";
  private static final String VLLM = "http://127.0.0.1:8002";

  @Bean(destroyMethod = "close")
  ServerHttp serverHttp() {
    return new ServerHttp();
  }

  @Bean
  FreeMemory freeMemory(HardwareProbe probe) {
    return new MachineMemory(probe);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  LocalModels localModels(
      IirProperties properties,
      ProviderDirectory directory,
      DataDirectory data,
      ServerHttp http,
      FreeMemory memory,
      MeterRegistry registry)
      throws InterruptedException {
    LocalMeters meters = new LocalMeters(registry);
    Room room = new Room(memory, properties.local().maxMemory());
    List<LocalModelSettings> settings = properties.local().models();
    Traces traces = new Traces(data.path().resolve(FOLDER));
    check(settings);
    if (!settings.isEmpty()) {
      open(traces.folder());
    }
    List<LocalModel> models = new ArrayList<>();
    for (LocalModelSettings each : settings) {
      LocalModel model =
          new LocalModel(each, provider(each), server(each, http, traces), room.beyondLimit(each));
      meters.watch(model);
      models.add(model);
    }
    if (Files.isDirectory(traces.folder())) {
      traces.tidy(
          settings.stream()
              .filter(LocalConfiguration::isProgram)
              .map(LocalModelSettings::id)
              .toList());
    }
    directory.onDemand(List.copyOf(models));
    return new LocalModels(
        models, room, properties.local().maxWait(), meters, directory::onDemandChanged);
  }

  @Bean(destroyMethod = "close")
  LocalModelBeans localModelBeans(LocalModels models) {
    return new LocalModelBeans(models);
  }

  /** What annotations cannot say: what each driver needs. */
  private static void check(List<LocalModelSettings> settings) {
    Set<String> ids = new HashSet<>();
    Set<URI> roots = new HashSet<>();
    for (int i = 0; i < settings.size(); i++) {
      LocalModelSettings each = settings.get(i);
      String where = "iir.local.models[%d]".formatted(i);
      String problem = problem(each);
      if (problem != null) {
        throw new StartException("%s (%s) %s.".formatted(where, each.id(), problem));
      }
      if (each.driver() == LocalModelSettings.Driver.VLLM && !roots.add(root(each))) {
        throw new StartException(
            "%s (%s) has the base-url of another one: a vLLM server sleeps as a whole."
                .formatted(where, each.id()));
      }
      if (!ids.add(each.id())) {
        throw new StartException("%s.id = '%s' is given twice.".formatted(where, each.id()));
      }
    }
  }

  private static @Nullable String problem(LocalModelSettings model) {
    if (!isUri(model.ready()) || !isUri(model.basePath())) {
      return "has a ready or base-path that is no path of a URL";
    }
    if (!isProgram(model)) {
      return !model.command().isEmpty()
          ? "has a command, which only driver 'process' takes: remove it, or the driver"
          : Provider.openai(Provider.LOCAL, root(model)).isLocal()
              ? null
              : "has a base-url that is not on this machine or in its network: make it a provider";
    }
    if (model.command().isEmpty() || model.command().getFirst().isBlank()) {
      return "has no command: give the program and its arguments, such as"
          + " [llama-server, --port, \"{port}\", -m, model.gguf]";
    }
    if (model.command().stream().noneMatch(word -> word.contains("{port}"))) {
      return "has a command without {port}: the server must be told where to listen";
    }
    return model.baseUrl() == null
        ? null
        : "has a base-url, which driver 'process' does not take: it is told a port by {port}";
  }

  private static boolean isProgram(LocalModelSettings model) {
    return model.driver() == LocalModelSettings.Driver.PROCESS;
  }

  private static boolean isUri(String path) {
    try {
      return URI.create("http://127.0.0.1" + path).getRawQuery() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void open(Path folder) {
    try {
      OwnFiles.createFolder(folder);
    } catch (IOException e) {
      throw new StartException(
          "The folder %s, for what local models write, cannot be created: %s."
              .formatted(folder, e.getMessage()),
          "Make the data directory writable for the user that runs the gateway.",
          e);
    }
  }

  private static ModelServer server(LocalModelSettings model, ServerHttp http, Traces traces) {
    return switch (model.driver()) {
      case PROCESS -> new ProcessServer(model, http, traces, System.getenv());
      case OLLAMA -> new OllamaServer(model, http, root(model));
      case VLLM -> new VllmServer(model, http, root(model));
    };
  }

  private static URI root(LocalModelSettings model) {
    String usual = model.driver() == LocalModelSettings.Driver.VLLM ? VLLM : OLLAMA;
    String url = model.baseUrl() == null ? usual : model.baseUrl();
    return URI.create(url.replaceAll("/+$", "").replaceAll("/v1$", ""));
  }

  /** Each is a server of its own, which the fragment tells apart before it is known where. */
  private static Provider provider(LocalModelSettings model) {
    String url =
        isProgram(model)
            ? "http://127.0.0.1" + model.basePath().replaceAll("/+$", "")
            : root(model) + "/v1";
    Provider usual =
        Provider.openai(Provider.LOCAL, URI.create(url + "#" + Traces.name(model.id())));
    return new Provider(
        usual.name(),
        usual.protocol(),
        usual.baseUrl(),
        model.apiKey(),
        usual.models(),
        usual.timeouts(),
        usual.maxConnections(),
        usual.maxPending(),
        usual.vendor());
  }
}
