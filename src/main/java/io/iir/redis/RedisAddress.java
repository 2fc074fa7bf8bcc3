package io.iir.redis;

import io.iir.config.Secret;
import io.iir.config.StartException;
import io.lettuce.core.RedisURI;

/** Reads the setting {@code iir.redis-url}. A pure function; shows nothing of it. */
final class RedisAddress {

  private RedisAddress() {}

  /**
   * The address that {@code url} spells, in one of Lettuce's forms.
   *
   * @throws StartException if it spells none
   * @see <a href="https://redis.github.io/lettuce/user-guide/connecting-redis/#uri-syntax">Lettuce:
   *     URI syntax</a>
   */
  static RedisURI parse(Secret url) {
    try {
      RedisURI address = RedisURI.create(url.value());
      address.setClientName("iir");
      return address;
    } catch (IllegalArgumentException e) {
      // Neither its message nor it as a cause: they quote the URL, with the password.
      throw new StartException(
          "REDIS_URL (iir.redis-url) is not the URL of a Redis.",
          "Write redis://[user:password@]host[:port][/database], rediss://… for TLS,"
              + " redis-sentinel://host[:port][,host…]#master or redis-socket:///path;"
              + " percent-encode special characters in the password.",
          null);
    }
  }
}
