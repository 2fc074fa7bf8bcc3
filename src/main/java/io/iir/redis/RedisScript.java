package io.iir.redis;

/**
 * A Lua script that Redis runs as one step. Immutable.
 *
 * @param name for messages and meters
 * @param text the script, which answers a list of integers and byte strings
 * @see <a href="https://redis.io/docs/latest/develop/interact/programmability/eval-intro/">Redis:
 *     scripting with Lua</a>
 */
public record RedisScript(String name, String text) {}
