package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.Lookup;
import io.iir.throttle.Admission;
import java.util.Map;

/** The variables of an exchange. */
public final class Variables {

  /** Who calls. */
  public static final Variable<ApiKey> PRINCIPAL =
      new Variable<>("principal", ApiKey.class, "authenticate", "require-admin, throttle, audit");

  /** The name of the key that calls. */
  public static final Variable<String> KEY =
      new Variable<>("key", String.class, "authenticate", "rules, metrics");

  /** The team of the key that calls; not set if it has none. */
  public static final Variable<String> TEAM =
      new Variable<>("team", String.class, "authenticate", "rules, metrics");

  /** The tags of the key that calls: names to values. */
  public static final Variable<Map<String, String>> TAGS =
      new Variable<>("tags", stringMap(), "authenticate", "rules");

  /** What is known of the caller so far. */
  public static final Variable<Lookup> LOOKUP =
      new Variable<>(
          "lookup", Lookup.class, "authenticate, key-lookup", "authenticate, key-lookup");

  /** The SHA-256 of the secret that was sent, in hex; set where the database is to be asked. */
  public static final Variable<String> KEY_HASH =
      new Variable<>("keyHash", String.class, "authenticate", "key-lookup");

  /** What the request took from its key's limits; whoever ends the request settles it. */
  public static final Variable<Admission> ADMISSION =
      new Variable<>("admission", Admission.class, "throttle", "the answer's end");

  private Variables() {}

  @SuppressWarnings("unchecked")
  private static Class<Map<String, String>> stringMap() {
    return (Class<Map<String, String>>) (Class<?>) Map.class;
  }
}
