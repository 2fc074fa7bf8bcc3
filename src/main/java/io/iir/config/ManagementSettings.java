package io.iir.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The port on which [Hawtio and Jolokia](HAWTIO.md) answer.
 *
 * @param port the port; 0 opens none; null: 8001, and none where that is taken on {@code 127.0.0.1}
 * @param address the address to listen on; on any other than this machine's own loopback the admin
 *     key is needed
 * @param operations what may be done besides looking: {@code <MBean or pattern>/<operation>}, with
 *     or without the operation's signature, or {@code *} for all
 */
public record ManagementSettings(
    @Nullable @Min(0) @Max(65535) Integer port,
    @DefaultValue("127.0.0.1") @NotBlank String address,
    @DefaultValue
        List<
                @Pattern(
                    regexp = "[^:/]+:.+/([A-Za-z_][A-Za-z0-9_]*(\\([^()/]*\\))?|\\*)",
                    message =
                        "must be '<MBean or pattern>/<operation>', such as"
                            + " 'io.iir:type=Provider,*/drain'")
                String>
            operations) {

  /** The port that is taken where none is given. */
  public static final int USUAL_PORT = 8001;

  /** The address that is taken where none is given. */
  private static final String USUAL_ADDRESS = "127.0.0.1";

  /** The port to listen on; 0: none. */
  public int portOrUsual() {
    return port == null ? USUAL_PORT : port;
  }

  /** Whether nobody has asked for it: the gateway starts without it where its port is taken. */
  public boolean isUsual() {
    return port == null && address.equals(USUAL_ADDRESS);
  }
}
