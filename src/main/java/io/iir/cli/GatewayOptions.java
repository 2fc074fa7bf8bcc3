package io.iir.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which gateway is asked. */
final class GatewayOptions {

  private static final String KEY = "IIR_ADMIN_KEY";
  private static final String DEFAULT = "http://localhost:8000";

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "The gateway to ask; with a key in hand, http://localhost:8000 if not said.")
  private @Nullable String url;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Holds the administrator's key, in the place of the variable IIR_ADMIN_KEY.")
  private @Nullable String keyFile;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "PEM certificates of authorities to trust besides those that Java trusts.")
  private @Nullable String trust;

  /** Whether one of these options is given. */
  boolean given() {
    return url != null || keyFile != null || trust != null;
  }

  /** Whether a gateway is to be asked if nothing says otherwise. */
  boolean meant(Shell shell) {
    return given() || shell.variable(KEY) != null;
  }

  /** The gateway that is meant. */
  GatewayClient connect(Shell shell) {
    String key = keyFile == null ? shell.variable(KEY) : shell.text(keyFile).strip();
    if (key == null) {
      throw new CliException(
          "The administrator's key is missing: set IIR_ADMIN_KEY or give --key-file.");
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new CliException(
          (keyFile == null ? KEY : Shell.name(keyFile))
              + " holds no key: one is visible ASCII without spaces.");
    }
    return new GatewayClient(
        url == null ? DEFAULT : url, key, trust == null ? null : shell.read(trust));
  }
}
