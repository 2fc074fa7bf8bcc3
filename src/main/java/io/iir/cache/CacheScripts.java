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

  /** Where it has the answers by when they expire, how long each is, and how long all are. */
  static final byte[] EXPIRIES = "iir:cache-expiries".getBytes(US_ASCII);

  static final byte[] SIZES = "iir:cache-sizes".getBytes(US_ASCII);
  static final byte[] TOTAL = "iir:cache-total".getBytes(US_ASCII);

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
   * Keys: answer, lease, generation, expiries, sizes, total. Arguments: the generation that must
   * still be, the answer, for how many milliseconds, whose lease ends, how many bytes all answers
   * may take; those that expire first make room. What Redis takes beside an answer counts as 512
   * bytes. Answers whether it was kept, and the generation.
   */
  static final RedisScript STORE =
      new RedisScript(
          "cache-store",
          TEXT
              + """
              if text(KEYS[2]) == ARGV[4] then redis.call('DEL', KEYS[2]) end
              local generation = text(KEYS[3]) or '0'
              if generation ~= ARGV[1] then return {0, generation} end
              local total = tonumber(text(KEYS[6]))
              if not total then
                total = 0
                for _, size in ipairs(redis.call('HVALS', KEYS[5])) do total = total + size end
              end
              local function forget(key)
                total = total - (tonumber(redis.call('HGET', KEYS[5], key)) or 0)
                redis.call('HDEL', KEYS[5], key)
                redis.call('ZREM', KEYS[4], key)
              end
              local time = redis.call('TIME')
              local now = time[1] * 1000 + math.floor(time[2] / 1000)
              local size = #ARGV[2] + 512
              local most = tonumber(ARGV[5])
              forget(KEYS[1])
              local expired = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, 1000)
              for _, key in ipairs(expired) do forget(key) end
              while size <= most and total + size > most do
                local first = redis.call('ZRANGE', KEYS[4], 0, 0)[1]
                if not first then break end
                redis.call('DEL', first)
                forget(first)
              end
              local function write(...)
                local answer = redis.pcall(...)
                return type(answer) ~= 'table' or not answer.err
              end
              local kept = total + size <= most
                  and write('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
                  and write('ZADD', KEYS[4], now + ARGV[3], KEYS[1])
                  and write('HSET', KEYS[5], KEYS[1], size)
              if kept then
                total = total + size
              else
                redis.call('DEL', KEYS[1])
                forget(KEYS[1])
              end
              if not write('SET', KEYS[6], string.format('%.0f', total)) then
                redis.call('DEL', KEYS[6]) -- counted anew the next time
              end
              return {kept and 1 or 0, generation}
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

  /** Keys: expiries, sizes, total, then answers to drop. Answers how many were there. */
  static final RedisScript DROP =
      new RedisScript(
          "cache-drop",
          """
          local dropped = 0
          local bytes = 0
          for i = 4, #KEYS do
            dropped = dropped + redis.call('UNLINK', KEYS[i])
            bytes = bytes + (tonumber(redis.call('HGET', KEYS[2], KEYS[i])) or 0)
            redis.call('HDEL', KEYS[2], KEYS[i])
            redis.call('ZREM', KEYS[1], KEYS[i])
          end
          if redis.call('EXISTS', KEYS[3]) == 1 then
            local answer = redis.pcall('DECRBY', KEYS[3], string.format('%.0f', bytes))
            if type(answer) == 'table' and answer.err then redis.call('DEL', KEYS[3]) end
          end
          return {dropped}
          """);

  private CacheScripts() {}
}
