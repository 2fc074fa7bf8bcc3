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
  private static final String VLLM = "http://127.0.0.1:8001";

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
    Path folder = data.path().resolve(FOLDER);
    check(settings);
    if (!settings.isEmpty()) {
      open(folder);
    }
    List<LocalModel> models = new ArrayList<>();
    for (LocalModelSettings each : settings) {
      LocalModel model =
          new LocalModel(each, provider(each), server(each, http, folder), room.unfit(each));
      meters.watch(model);
      models.add(model);
    }
    if (Files.isDirectory(folder)) {
      ProcessServer.stopStrangers(folder, settings.stream().map(LocalModelSettings::id).toList());
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
    for (int i = 0; i < settings.size(); i++) {
      LocalModelSettings each = settings.get(i);
      String where = "iir.local.models[%d]".formatted(i);
      String problem = problem(each);
      if (problem != null) {
        throw new StartException("%s (%s) %s.".formatted(where, each.id(), problem));
      }
      if (!ids.add(each.id())) {
        throw new StartException("%s.id = '%s' is given twice.".formatted(where, each.id()));
      }
    }
  }

  private static @Nullable String problem(LocalModelSettings model) {
    boolean process = model.driver() == LocalModelSettings.Driver.PROCESS;
    if (!process) {
      return model.command().isEmpty()
          ? null
          : "has a command, which only driver 'process' takes: remove it, or the driver";
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

  private static void open(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StartException(
          "The folder %s, for what local models write, cannot be created: %s."
              .formatted(folder, e.getMessage()),
          "Make the data directory writable for the user that runs the gateway.",
          e);
    }
  }

  private static ModelServer server(LocalModelSettings model, ServerHttp http, Path folder) {
    return switch (model.driver()) {
      case PROCESS -> new ProcessServer(model, http, folder, System.getenv());
      case OLLAMA -> new OllamaServer(model, http, root(model, OLLAMA));
      case VLLM -> new VllmServer(model, http, root(model, VLLM));
    };
  }

  private static URI root(LocalModelSettings model, String usual) {
    String url = model.baseUrl() == null ? usual : model.baseUrl();
    return URI.create(url.replaceAll("/+$", "").replaceAll("/v1$", ""));
  }

  /** Each is a server of its own, which the fragment tells apart before it is known where. */
  private static Provider provider(LocalModelSettings model) {
    String path =
        model.driver() == LocalModelSettings.Driver.PROCESS
            ? model.basePath().replaceAll("/+$", "")
            : "/v1";
    Provider usual =
        Provider.openai(
            Provider.LOCAL,
            URI.create("http://127.0.0.1" + path + "#" + ProcessServer.fileName(model.id())));
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
