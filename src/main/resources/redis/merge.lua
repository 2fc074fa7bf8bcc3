-- Adds what a gateway has taken without asking here, once, however often it is sent; and makes the
-- gateway known.
--
-- KEYS  1 generation, 2 grants that this gateway holds, 3 gateways with their last heartbeats; then
--       those that ARGV numbers, from 1
-- ARGV  1 generation, 2 this gateway, 3 the batch, 4 how many windows, 5 how many budgets,
--       6 how many holdings by memory alone, 7 how many grants, 8 '1': only if the gateway is not
--       known; then for each window slot: key, second, requests, tokens; for each budget: key,
--       '1' if the ledger says so, nano-USD spent in all, else more; for each holding by memory:
--       key, key of the budget, places, nano-USD; for each grant's holding: key, key of the budget,
--       grant, second, places, nano-USD
--
-- Answers {0}: done, now or before; {2}: this generation is over.
local SECONDS, HELD, FORGET = 61, 86400000, 3456000000

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {2} end
if ARGV[8] == '1' and redis.call('HEXISTS', KEYS[2], '0') == 1 then return {0} end
if redis.call('HGET', KEYS[2], '0') == ARGV[3] then return {0} end
redis.call('HSET', KEYS[2], '0', ARGV[3])
redis.call('PEXPIRE', KEYS[2], HELD)

local time = redis.call('TIME')
local now = tonumber(time[1])
local self = ARGV[2]
redis.call('ZADD', KEYS[3], now * 1000 + math.floor(tonumber(time[2]) / 1000), self)
local at = 9

local function next()
  at = at + 1
  return ARGV[at - 1]
end

local function key()
  return KEYS[3 + tonumber(next())]
end

for _ = 1, tonumber(ARGV[4]) do
  local window, slot, requests, tokens = key(), tonumber(next()), next(), next()
  if slot > now - SECONDS then
    slot = math.min(slot, now)
    local span = redis.call('HMGET', window, 'o', 'n')
    local oldest = math.min(slot, tonumber(span[1] or slot))
    local newest = math.max(slot, tonumber(span[2] or slot))
    redis.call('HSET', window, 'o', oldest, 'n', newest)
    redis.call('HINCRBY', window, 'r', requests)
    redis.call('HINCRBY', window, 't', tokens)
    redis.call('HINCRBY', window, 'r' .. slot, requests)
    redis.call('HINCRBY', window, 't' .. slot, tokens)
    redis.call('PEXPIRE', window, (SECONDS + 1) * 1000)
  end
end
for _ = 1, tonumber(ARGV[5]) do
  local budget, isAll, nano = key(), next() == '1', next()
  local known = tonumber(redis.call('GET', budget) or nil)
  if isAll then
    if not known then
      redis.call('SET', budget, nano, 'PX', FORGET)
    elseif known < tonumber(nano) then
      redis.call('INCRBY', budget, string.format('%.0f', tonumber(nano) - known))
    end
  elseif known then
    redis.call('INCRBY', budget, nano)
  end
end
for _ = 1, tonumber(ARGV[6]) do
  local holdings, reserved = key(), key() .. ':reserved'
  redis.call('HSET', holdings, 'm' .. self, next())
  redis.call('PEXPIRE', holdings, HELD)
  redis.call('HSET', reserved, 'm' .. self, next())
  redis.call('PEXPIRE', reserved, HELD)
end
for _ = 1, tonumber(ARGV[7]) do
  local holdings, reserved = key(), key() .. ':reserved'
  local grant, slot, places, nano = next(), next(), next(), next()
  redis.call('HSET', KEYS[2], grant, slot)
  if places ~= '0' then redis.call('HINCRBY', holdings, 'n' .. self, places) end
  redis.call('PEXPIRE', holdings, HELD)
  if nano ~= '0' then
    redis.call('HINCRBY', reserved, 'n' .. self, nano)
    redis.call('PEXPIRE', reserved, HELD)
  end
end
return {0}
