package io.iir.provider;

import io.iir.config.Protocol;
import io.iir.config.StartException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Works out where a provider's API is. */
final class Addresses {

  private static final String REGION = "{region}";
  private static final String PROJECT = "{project}";

  private Addresses() {}

  /**
   * The base URL that {@code written} means.
   *
   * @param name the provider's
   * @param region fills {@code {region}}; empty: there is none
   * @param project fills {@code {project}}; null: there is none
   * @throws StartException if one is wanted that there is not
   */
  static URI of(String written, String name, String region, @Nullable String project) {
    String url = written.replaceAll("/+$", "");
    if (url.contains(PROJECT)) {
      if (project == null) {
        throw new StartException(
            "iir.providers.%s.project is missing: set it, or the variable GOOGLE_CLOUD_PROJECT."
                .formatted(name));
      }
      url = url.replace(PROJECT, project);
    }
    // Vertex AI's global endpoint has no region in its name.
    String global = region.equals("global") ? url.replace(REGION + "-", "") : url;
    return URI.create(global.replace(REGION, region));
  }

  /**
   * {@code written}, with the path that the vendor's API is at behind an address that has none, as
   * the vendors' own tools want theirs.
   */
  static String completed(String written, Vendor vendor, Protocol protocol, String apiVersion) {
    String url = written.replaceAll("/+$", "");
    if (url.indexOf('{') >= 0) {
      return url; // a vendor's own, which is complete
    }
    String path = URI.create(url).getRawPath();
    if (path != null && !path.isEmpty()) {
      return url;
    }
    if (vendor.name().equals("azure")) {
      return url + (apiVersion.isEmpty() ? "/openai/v1" : "/openai");
    }
    boolean anthropic = vendor.name().equals("anthropic") && protocol == Protocol.ANTHROPIC;
    return anthropic ? url + "/v1" : url;
  }
}
