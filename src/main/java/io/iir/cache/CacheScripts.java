package io.iir.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.iir.redis.RedisScript;

/**
 * What the cache has Redis do in one step. A value of another type than expected counts as none,
 * and a Redis that is full refuses what is to be written, not what is to be read.
 */
final class CacheScripts {

  /** Where Redis counts how often answers were cleared. */
  static final byte[] GENERATION = "iir:cache-generation".getBytes(US_ASCII);

  private static final String TEXT =
      """
      local function text(key)
        local value = redis.pcall('GET', key)
        return type(value) == 'string' and value or nil
      end
      """;

  /**
   * Keys: answer, lease, generation. Arguments: 1 to read the answer, who wants the lease or
   * nothing, for how long. Answers 0 (absent), 1 (a hit), 2 (leased) or 3 (another has the lease),
   * the generation, and the answer if there is one.
   */
  static final RedisScript LOOK =
      new RedisScript(
          "cache-look",
          TEXT
              + """
              local generation = text(KEYS[3]) or '0'
              if ARGV[1] == '1' then
                local answer = text(KEYS[1])
                if answer then return {1, generation, answer} end
              end
              if ARGV[2] == '' then return {0, generation} end
              local holder = text(KEYS[2])
              if holder and holder ~= ARGV[2] then return {3, generation} end
              if redis.pcall('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]).err then return {0, generation} end
              return {2, generation}
              """);

  /**
   * Keys: answer, lease, generation. Arguments: the generation that must still be, the answer, for
   * how many milliseconds, whose lease ends. Answers whether it was kept, and the generation.
   */
  static final RedisScript STORE =
      new RedisScript(
          "cache-store",
          TEXT
              + """
              local generation = text(KEYS[3]) or '0'
              local kept = 0
              if generation == ARGV[1]
                  and not redis.pcall('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]).err then
                kept = 1
              end
              if text(KEYS[2]) == ARGV[4] then redis.call('DEL', KEYS[2]) end
              return {kept, generation}
              """);

  /** Key: lease. Arguments: whose, for how many milliseconds from now. */
  static final RedisScript RENEW =
      new RedisScript(
          "cache-renew",
          TEXT
              + """
              if text(KEYS[1]) ~= ARGV[1] then return {0} end
              return {redis.call('PEXPIRE', KEYS[1], ARGV[2])}
              """);

  /** Key: lease. Argument: whose. */
  static final RedisScript END =
      new RedisScript(
          "cache-end",
          TEXT
              + """
              if text(KEYS[1]) ~= ARGV[1] then return {0} end
              return {redis.call('DEL', KEYS[1])}
              """);

  /** Argument: a cursor. Answers the next one, how many answers and how many bytes. */
  static final RedisScript COUNT =
      new RedisScript(
          "cache-count",
          """
          local page = redis.call('SCAN', ARGV[1], 'MATCH', 'iir:cache:*', 'COUNT', 1000)
          local bytes = 0
          for _, key in ipairs(page[2]) do
            local length = redis.pcall('STRLEN', key)
            bytes = bytes + (type(length) == 'number' and length or 0)
          end
          return {page[1], #page[2], bytes}
          """);

  /** Arguments: a cursor, the last byte to show. Answers the next one, keys and beginnings. */
  static final RedisScript LIST =
      new RedisScript(
          "cache-list",
          """
          local page = redis.call('SCAN', ARGV[1], 'MATCH', 'iir:cache:*', 'COUNT', 200)
          local found = {page[1]}
          for _, key in ipairs(page[2]) do
            local head = redis.pcall('GETRANGE', key, 0, ARGV[2])
            found[#found + 1] = key
            found[#found + 1] = type(head) == 'string' and head or ''
          end
          return found
          """);

  private CacheScripts() {}
}
