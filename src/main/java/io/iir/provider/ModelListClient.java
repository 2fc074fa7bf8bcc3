package io.iir.provider;

import io.iir.config.Protocol;
import io.iir.transport.LateHttpClient;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers for their models, each in its own protocol: no redirects, at most 8 MB, a time
 * limit on the whole. Blocks; meant for virtual threads. Thread-safe.
 */
public final class ModelListClient implements AutoCloseable {

  /** What was found out of a server; it holds while its list has the same names. */
  private record Recognised(ProviderKind kind, Set<String> names) {}

  private final LateHttpClient http;
  private final Map<URI, Recognised> recognised = new ConcurrentHashMap<>();

  /** A client that checks servers by {@code tls}, and calls them without a proxy. */
  public ModelListClient(SSLContext tls) {
    this(() -> tls, HttpClient.Builder.NO_PROXY);
  }

  /**
   * A client that checks servers by {@code tls}, which is made when it is first needed, and calls
   * them by {@code proxies}.
   */
  public ModelListClient(Supplier<SSLContext> tls, ProxySelector proxies) {
    http =
        new LateHttpClient(() ->
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxies)
                .sslContext(tls.get())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build());
  }

  /** What came of asking. */
  public sealed interface Answer {
    /**
     * A list of models.
     *
     * @param kind what kind of provider gave it
     * @param models what it lists, in its order
     */
    record Models(ProviderKind kind, List<ListedModel> models) implements Answer {}

    /** Something else, or a refusal. */
    record Failed(String reason) implements Answer {}

    /** Nothing, in time. */
    record Silent(String reason) implements Answer {}
  }

  /** Asks {@code provider}, with its key, for at most {@code limit}. */
  public Answer ask(Provider provider, Duration limit) throws InterruptedException {
    ProviderKind known = known(provider);
    return ask(
        new Inquiry(http.get(), provider.baseUrl(), provider.apiKey(), limit),
        inquiry -> list(inquiry, known == null ? recognise(inquiry) : known));
  }

  /** Whether {@code provider} gives its list of models at its base URL within {@code limit}. */
  boolean answers(Provider provider, Duration limit) throws InterruptedException {
    try {
      return !new Inquiry(http.get(), provider.baseUrl(), provider.apiKey(), limit)
          .models()
          .body()
          .isMissingNode();
    } catch (IOException e) {
      return false; // for whatever reason: it will be asked again
    }
  }

  /** Asks the server at {@code baseUrl}, without a key, for at most {@code limit}. */
  public Answer ask(URI baseUrl, Duration limit) throws InterruptedException {
    return ask(
        new Inquiry(http.get(), baseUrl, null, limit),
        inquiry -> list(inquiry, recognise(inquiry)));
  }

  /** Asks the server at {@code baseUrl} for nothing but its list as OpenAI gives it: one call. */
  Answer glance(URI baseUrl, Duration limit) throws InterruptedException {
    return ask(
        new Inquiry(http.get(), baseUrl, null, limit),
        inquiry ->
            new Answer.Models(
                ProviderKind.OPENAI,
                ModelListParser.models(
                    ModelListParser.entriesOrNone(inquiry.models().body()), ListedFacts::of)));
  }

  /** Whether it has been found out what kind of server is at {@code baseUrl}. */
  boolean recognises(URI baseUrl) {
    return recognised.containsKey(baseUrl);
  }

  private interface Look {
    Answer.Models at(Inquiry inquiry) throws IOException, InterruptedException;
  }

  private static Answer.Models list(Inquiry inquiry, ProviderKind kind)
      throws IOException, InterruptedException {
    return new Answer.Models(kind, ModelLister.of(kind).list(inquiry));
  }

  private Answer ask(Inquiry inquiry, Look look) throws InterruptedException {
    try {
      return look.at(inquiry);
    } catch (HttpTimeoutException e) {
      recognised.remove(inquiry.baseUrl());
      return new Answer.Silent(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      recognised.remove(inquiry.baseUrl());
      return new Answer.Failed(String.valueOf(e.getMessage()));
    }
  }

  /** The kind that goes without asking; null: it must be found out. */
  private static @Nullable ProviderKind known(Provider provider) {
    ProviderKind kind = provider.vendor().kind();
    if (kind != ProviderKind.OPENAI) {
      return kind;
    }
    if (provider.protocol() == Protocol.ANTHROPIC) {
      return ProviderKind.ANTHROPIC;
    }
    if (provider.protocol() == Protocol.GEMINI) {
      return ProviderKind.GEMINI;
    }
    Vendor there = Vendors.at(provider.baseUrl().getHost());
    return there.equals(Vendor.UNKNOWN) ? null : there.kind();
  }

  /** Its kind; what could not be told this time is not remembered. */
  private ProviderKind recognise(Inquiry inquiry) throws IOException, InterruptedException {
    Set<String> names =
        ModelListParser.entriesOrNone(inquiry.models().body()).stream()
            .map(entry -> entry.path("id").asText())
            .collect(Collectors.toSet());
    Recognised before = recognised.get(inquiry.baseUrl());
    if (before != null && before.names().equals(names)) {
      return before.kind();
    }
    ProviderKind kind = Fingerprint.of(inquiry);
    if (kind == null) {
      recognised.remove(inquiry.baseUrl());
      return before == null ? ProviderKind.OPENAI : before.kind();
    }
    recognised.put(inquiry.baseUrl(), new Recognised(kind, names));
    return kind;
  }

  @Override
  public void close() {
    http.close();
  }
}
