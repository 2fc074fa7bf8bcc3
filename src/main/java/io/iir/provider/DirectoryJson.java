package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.Protocol;
import io.iir.config.ProviderSettings.Timeouts;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory as JSON: what is on offer, with all that choosing goes by, and nothing of how it is
 * reached. Choosing in what was written and read again gives the same models, as long as no model
 * is down and, for {@code idlest}, none is busy: those two are of the moment and are not written.
 * Stateless.
 */
public final class DirectoryJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOCAL = "local";
  private static final String HOSTED = "hosted";
  private static final String SIM = "sim";

  private DirectoryJson() {}

  /**
   * {@code {"aliases", "providers": [{"name", "kind", "open", "variants", "models": […]}]}}; {@code
   * kind} is {@code local}, {@code hosted} or {@code sim}, {@code open} tells whether names that
   * are not listed are taken too, {@code variants} whether listed names are with {@code
   * :<variant>}.
   */
  public static ObjectNode write(ProviderDirectory directory) {
    ObjectNode view = JSON.createObjectNode();
    ObjectNode aliases = view.putObject("aliases");
    directory.aliases().forEach(aliases::put);
    ArrayNode providers = view.putArray("providers");
    for (Offer offer : directory.offers()) {
      Provider provider = offer.provider();
      ObjectNode one = providers.addObject();
      one.put("name", provider.name());
      one.put("kind", provider.isLocal() ? LOCAL : provider.isHosted() ? HOSTED : SIM);
      one.put("open", offer.open());
      one.put("variants", provider.vendor().names() == Vendor.Names.VARIANTS);
      ArrayNode models = one.putArray("models");
      for (Model model : offer.models().values()) {
        models.add(ModelJson.write(model, directory.traffic()));
      }
    }
    return view;
  }

  /**
   * The directory that {@code view} holds; its models cannot be called.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static ProviderDirectory read(JsonNode view) {
    if (!view.path("providers").isArray()) {
      throw new IllegalArgumentException("has no list 'providers'");
    }
    ModelTraffic traffic = new ModelTraffic(() -> 0); // or what was measured would grow old
    Map<String, Offer> offers = new LinkedHashMap<>();
    List<Provider> providers = new ArrayList<>();
    for (JsonNode each : view.path("providers")) {
      Provider provider = provider(each);
      providers.add(provider);
      Map<String, Model> models = new LinkedHashMap<>();
      for (JsonNode one : each.path("models")) {
        Model model = ModelJson.read(one, provider.name(), traffic);
        models.put(model.name().model(), model);
      }
      offers.put(provider.name(), offer(provider, models, each.path("open").asBoolean()));
    }
    Map<String, String> aliases = new LinkedHashMap<>();
    view.path("aliases")
        .properties()
        .forEach(alias -> aliases.put(alias.getKey(), alias.getValue().asText()));
    ProviderDirectory directory =
        new ProviderDirectory(providers, List.of(), aliases, List.of(), traffic);
    directory.offer(offers);
    return directory;
  }

  private static Offer offer(Provider provider, Map<String, Model> models, boolean open) {
    return new Offer(
        provider,
        models,
        Map.of(),
        Map.of(),
        open,
        KnownModels.NONE,
        new ProviderStatus(
            provider.name(), "record", List.of(), "fixed", models.size(), null, null));
  }

  private static Provider provider(JsonNode view) {
    String name = view.path("name").asText();
    if (name.isEmpty()) {
      throw new IllegalArgumentException("has a provider without a name");
    }
    String kind = view.path("kind").asText();
    URI url =
        switch (kind) {
          case LOCAL -> URI.create("http://127.0.0.1");
          case HOSTED -> URI.create("https://hosted.invalid");
          case SIM -> URI.create("sim:/");
          default ->
              throw new IllegalArgumentException(
                  "says of the provider '%s' that it is '%s', not local, hosted or sim"
                      .formatted(name, kind));
        };
    Vendor vendor =
        view.path("variants").asBoolean()
            ? Vendor.UNKNOWN.takes(Vendor.Names.VARIANTS)
            : Vendor.UNKNOWN;
    return new Provider(
        name,
        kind.equals(SIM) ? Protocol.SIM : Protocol.OPENAI,
        url,
        null,
        new ModelPolicy.Listed(List.of()),
        Timeouts.DEFAULT,
        0,
        0,
        vendor);
  }
}
