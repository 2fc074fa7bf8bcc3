package io.iir.throttle;

/**
 * Who is limited.
 *
 * @param id tells it from others of its scope: a key's id, a team's name, a model's pattern; empty
 *     for the gateway
 * @param name what people call it
 */
public record Subject(Scope scope, String id, String name) {

  /** The whole gateway. */
  public static final Subject GATEWAY = new Subject(Scope.GATEWAY, "", "");

  /** It in a message: {@code key 'web'}, {@code the gateway}. */
  public String words() {
    return scope == Scope.GATEWAY ? "the gateway" : scope.word() + " '" + name + "'";
  }
}
