-- Takes what a request asks from all of its quotas, or nothing from any.
--
-- KEYS  1 generation, 2 gateways with their last heartbeats, 3 grants that this gateway holds,
--       4 grants that it called off; then for each quota: window, holdings, what was spent of the
--       budget in its period; behind that key with :reserved, what running requests may cost yet;
--       with :asked, that the ledger is asked; with :late, what was told meanwhile
-- ARGV  1 generation, 2 this gateway, 3 the grant, 4 how many more grants it makes: named as this
--       one, then .1, .2 …; 5 tokens and 6 nano-USD that the request then holds; then for each
--       quota:
--       limits   requests, tokens, places, nano-USD (0: without limit; nano-USD -1: no budget)
--       asked    requests, tokens, places, nano-USD (-1: nothing, the budget need not allow it)
--       budget   what was spent, if that is not known here ('': say so), when it ends (ms; 0: never)
--
-- Answers {0, second, request limit, remaining, ms to reset, the same three for tokens, used of each
-- quota's budget before}; {1, second, the same six, quota, kind, ms to wait (-1: for ever)}: refused,
-- by what does so longest; {2}: this gateway is not known here; {3, quota …}: what these have spent is not known here;
-- {4}: the grant is called off.
local FIRST, PER_QUOTA = 7, 10
local SECONDS, SHOWN, HELD, FORGET, ASKED = 61, 10000, 86400000, 3456000000, 5000
local REQUESTS, TOKENS, PLACES, BUDGET = 0, 1, 2, 3

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {2} end
local grants = redis.call('HMGET', KEYS[3], '0', ARGV[3])
if not grants[1] then return {2} end
if grants[2] or redis.call('HEXISTS', KEYS[4], ARGV[3]) == 1 then return {4} end

local self = ARGV[2]
local time = redis.call('TIME')
local now = tonumber(time[1])
local ms = now * 1000 + math.floor(tonumber(time[2]) / 1000)
local count = (#KEYS - 4) / 3

-- Puts what lies in the future, for Redis's clock was set back, into the slot of now.
local function setBack(key, it)
  local r, t, future = 0, 0, {}
  for slot = math.max(it.o, now + 1), it.n do
    future[#future + 1] = 'r' .. slot
    future[#future + 1] = 't' .. slot
  end
  local amounts = redis.call('HMGET', key, unpack(future))
  for i = 1, #future, 2 do
    r = r + tonumber(amounts[i] or 0)
    t = t + tonumber(amounts[i + 1] or 0)
  end
  redis.call('HDEL', key, unpack(future))
  it.o, it.n = math.min(it.o, now), now
  redis.call('HSET', key, 'o', it.o, 'n', now)
  redis.call('HINCRBY', key, 'r' .. now, r)
  redis.call('HINCRBY', key, 't' .. now, t)
end

-- The window's sums, after slots that no longer count are gone.
local function window(key)
  local w = redis.call('HMGET', key, 'o', 'n', 'r', 't')
  if not w[1] then return {o = now, n = now, r = 0, t = 0} end
  local it = {o = tonumber(w[1]), n = tonumber(w[2]), r = tonumber(w[3]), t = tonumber(w[4])}
  if it.n > now then setBack(key, it) end
  local keep = now - SECONDS + 1
  if it.o < keep then
    local gone = {}
    for slot = it.o, math.min(it.n, keep - 1) do
      gone[#gone + 1] = 'r' .. slot
      gone[#gone + 1] = 't' .. slot
    end
    if #gone > 0 then
      local old = redis.call('HMGET', key, unpack(gone))
      for i = 1, #gone, 2 do
        it.r = it.r - tonumber(old[i] or 0)
        it.t = it.t - tonumber(old[i + 1] or 0)
      end
      redis.call('HDEL', key, unpack(gone))
    end
    it.o = keep
    it.n = math.max(it.n, keep)
    redis.call('HSET', key, 'o', it.o, 'n', it.n, 'r', it.r, 't', it.t)
  end
  return it
end

-- The milliseconds until `missing` of what a window holds no longer counts.
local function wait(key, it, field, missing)
  local slots = {}
  for slot = it.o, it.n do slots[#slots + 1] = field .. slot end
  local held = redis.call('HMGET', key, unpack(slots))
  for i = 1, #slots do
    missing = missing - tonumber(held[i] or 0)
    if missing <= 0 then return (it.o + i - 1 + SECONDS) * 1000 - ms end
  end
  return SECONDS * 1000
end

local shown
local function alive(gateway)
  if not shown then
    shown = {}
    for _, each in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], ms - SHOWN, '+inf')) do
      shown[each] = true
    end
    if not shown[self] then
      shown[self] = true
      redis.call('ZADD', KEYS[2], ms, self)
    end
  end
  return shown[gateway]
end

-- What gateways hold which are alive, by grants (n) and by memory alone (m): places or nano-USD. One
-- that is gone and holds no grant any more is forgotten.
local function held(key)
  local all = redis.call('HGETALL', key)
  local sum = 0
  local prefix = string.sub(KEYS[3], 1, -#self - 1)
  for i = 1, #all, 2 do
    local gateway = string.sub(all[i], 2)
    if alive(gateway) then
      sum = sum + tonumber(all[i + 1])
    elseif redis.call('EXISTS', prefix .. gateway) == 0 then
      redis.call('HDEL', key, all[i])
    end
  end
  return sum
end

-- Budgets first: without them nothing can be decided.
local spent, missing = {}, {3}
for q = 1, count do
  local a = FIRST + (q - 1) * PER_QUOTA
  if ARGV[a + 3] ~= '-1' then
    local key = KEYS[4 + q * 3]
    local known = redis.call('GET', key)
    if not known and ARGV[a + 8] ~= '' then
      redis.call('SET', key, ARGV[a + 8], 'PX', math.max(0, tonumber(ARGV[a + 9]) - ms) + FORGET)
      known = redis.call('INCRBY', key, redis.call('GET', key .. ':late') or 0)
      redis.call('DEL', key .. ':late', key .. ':asked')
    end
    if known then
      spent[q] = tonumber(known)
    else
      redis.call('SET', key .. ':asked', 1, 'PX', ASKED)
      missing[#missing + 1] = q - 1
    end
  end
end
if #missing > 1 then return missing end

local windows, used = {}, {}
local refused
local function refuse(q, kind, after)
  if not refused or (refused[3] >= 0 and (after < 0 or after > refused[3])) then
    refused = {q - 1, kind, after}
  end
end

for q = 1, count do
  local a = FIRST + (q - 1) * PER_QUOTA
  local rpm, tpm, most, budget =
    tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local requests, tokens, places, nano =
    tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5]), tonumber(ARGV[a + 6]), tonumber(ARGV[a + 7])
  local key = KEYS[2 + q * 3]
  if rpm > 0 or tpm > 0 then
    local it = window(key)
    windows[q] = it
    if rpm > 0 and requests > 0 and it.r + requests > rpm then
      refuse(q, REQUESTS, wait(key, it, 'r', it.r + requests - rpm))
    end
    if tpm > 0 and tokens > 0 and tonumber(ARGV[5]) > tpm then
      refuse(q, TOKENS, -1)
    elseif tpm > 0 and tokens > 0 and it.t + tokens > tpm then
      refuse(q, TOKENS, wait(key, it, 't', it.t + tokens - tpm))
    end
  end
  if most > 0 and places > 0 and held(KEYS[3 + q * 3]) + places > most then
    refuse(q, PLACES, 1000)
  end
  if budget >= 0 then
    used[q] = spent[q] + held(KEYS[4 + q * 3] .. ':reserved')
    -- nano-USD below 0: what is left is told, and nothing asked
    if (nano > 0 and used[q] + nano > budget) or (nano == 0 and used[q] >= budget) then
      local ends = tonumber(ARGV[a + 9])
      local whole = tonumber(ARGV[6])
      local never = whole > budget or ends == 0
      if (whole > 0 and spent[q] + whole <= budget) or (whole == 0 and spent[q] < budget) then
        refuse(q, BUDGET, 1000)
      else
        refuse(q, BUDGET, never and -1 or math.max(1, ends - ms))
      end
    end
  end
end

if not refused then
  redis.call('HSET', KEYS[3], ARGV[3], now)
  for i = 1, tonumber(ARGV[4]) do redis.call('HSET', KEYS[3], ARGV[3] .. '.' .. i, now) end
  redis.call('PEXPIRE', KEYS[3], HELD)
  for q = 1, count do
    local a = FIRST + (q - 1) * PER_QUOTA
    local requests, tokens = tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5])
    local it = windows[q]
    if it and (requests > 0 or tokens > 0) then
      local key = KEYS[2 + q * 3]
      it.n, it.r, it.t = now, it.r + requests, it.t + tokens
      it.rnow, it.tnow = requests > 0, tokens > 0
      redis.call('HSET', key, 'o', it.o, 'n', now, 'r', it.r, 't', it.t)
      if requests > 0 then redis.call('HINCRBY', key, 'r' .. now, requests) end
      if tokens > 0 then redis.call('HINCRBY', key, 't' .. now, tokens) end
      redis.call('PEXPIRE', key, (SECONDS + 1) * 1000)
    end
    local holdings, reserved = KEYS[3 + q * 3], KEYS[4 + q * 3] .. ':reserved'
    if tonumber(ARGV[a + 6]) > 0 then
      redis.call('HINCRBY', holdings, 'n' .. self, ARGV[a + 6])
      redis.call('PEXPIRE', holdings, HELD)
    end
    if tonumber(ARGV[a + 7]) > 0 then
      redis.call('HINCRBY', reserved, 'n' .. self, ARGV[a + 7])
      redis.call('PEXPIRE', reserved, HELD)
    end
  end
end

-- The milliseconds until nothing counts any more of what a window holds now.
local function empty(key, it, field)
  if it[field] == 0 then return 0 end
  local newest = it.n
  if not it[field .. 'now'] then
    while newest > it.o and tonumber(redis.call('HGET', key, field .. newest) or 0) == 0 do
      newest = newest - 1
    end
  end
  return (newest + SECONDS) * 1000 - ms
end

-- Where the tightest limits stand.
local answer = {refused and 1 or 0, now, 0, 0, 0, 0, 0, 0}
for q = 1, count do
  local it = windows[q]
  if it then
    local a = FIRST + (q - 1) * PER_QUOTA
    for kind, field in ipairs({'r', 't'}) do
      local limit = tonumber(ARGV[a + kind - 1])
      if limit > 0 then
        local at = kind * 3
        local left = math.max(0, limit - it[field])
        if answer[at] == 0 or left <= answer[at + 1] then
          local reset = empty(KEYS[2 + q * 3], it, field)
          if answer[at] == 0 or left < answer[at + 1] or reset > answer[at + 2] then
            answer[at], answer[at + 1], answer[at + 2] = limit, left, reset
          end
        end
      end
    end
  end
end
if refused then
  for i = 1, 3 do answer[#answer + 1] = refused[i] end
else
  for q = 1, count do answer[#answer + 1] = used[q] or -1 end
end
return answer
