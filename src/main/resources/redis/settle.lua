-- Ends a grant: gives back what was not used, takes what was used beyond it. Done once, however
-- often it is sent.
--
-- KEYS  1 generation, 2 grants that this gateway holds, 3 grants that it called off;
--       then for each quota: window, holdings, what was spent of the budget in the period that it
--       was reserved in, and what was spent in the day, the month, and ever since: whoever has a
--       budget now may have had another then, or none
-- ARGV  1 generation, 2 this gateway, 3 the grant, 4 '1' if the grant may never have been made:
--       then it must not be made later; then for each quota: requests and tokens to give back to
--       their slot, tokens to take now, places and nano-USD that were held, nano-USD spent
--
-- Answers {0, what was spent by then of each quota's budget (-1: not known)}: done; {1}: it was not held; {2}: this generation is over.
local FIRST, PER_QUOTA, SECONDS, LATE = 5, 6, 61, 5000

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {2} end
local slot = tonumber(redis.call('HGET', KEYS[2], ARGV[3]) or nil)
if not slot then
  if ARGV[4] == '1' then
    redis.call('HSET', KEYS[3], ARGV[3], 1)
    redis.call('PEXPIRE', KEYS[3], 600000)
  end
  return {1}
end
redis.call('HDEL', KEYS[2], ARGV[3])

local now = tonumber(redis.call('TIME')[1])
local self = ARGV[2]

local function giveBack(key, sum, amount)
  if amount > 0 and slot > now - SECONDS then
    local there = math.min(amount, tonumber(redis.call('HGET', key, sum .. slot) or 0))
    if there > 0 then
      redis.call('HINCRBY', key, sum .. slot, -there)
      redis.call('HINCRBY', key, sum, -there)
    end
  end
end

local answer = {0}
for q = 1, (#KEYS - 3) / 6 do
  local a, k = FIRST + (q - 1) * PER_QUOTA, 3 + (q - 1) * 6
  local window, holdings, budget = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3]
  giveBack(window, 'r', tonumber(ARGV[a]))
  giveBack(window, 't', tonumber(ARGV[a + 1]))
  if ARGV[a + 2] ~= '0' then
    local span = redis.call('HMGET', window, 'o', 'n')
    local oldest = math.min(now, tonumber(span[1] or now))
    local newest = math.max(now, tonumber(span[2] or now))
    redis.call('HSET', window, 'o', oldest, 'n', newest)
    redis.call('HINCRBY', window, 'r', 0)
    redis.call('HINCRBY', window, 't', ARGV[a + 2])
    redis.call('HINCRBY', window, 't' .. now, ARGV[a + 2])
    redis.call('PEXPIRE', window, (SECONDS + 1) * 1000)
  end
  if ARGV[a + 3] ~= '0' then redis.call('HINCRBY', holdings, 'n' .. self, '-' .. ARGV[a + 3]) end
  if ARGV[a + 4] ~= '0' then
    redis.call('HINCRBY', budget .. ':reserved', 'n' .. self, '-' .. ARGV[a + 4])
  end
  answer[q + 1] = -1
  if ARGV[a + 5] ~= '0' then
    for i = k + 4, k + 6 do
      if i > k + 4 and KEYS[i] == KEYS[i - 1] then -- the day is the first of its month
      elseif redis.call('EXISTS', KEYS[i]) == 1 then
        redis.call('INCRBY', KEYS[i], ARGV[a + 5])
      elseif redis.call('EXISTS', KEYS[i] .. ':asked') == 1 then
        redis.call('INCRBY', KEYS[i] .. ':late', ARGV[a + 5]) -- the ledger may have answered before
        redis.call('PEXPIRE', KEYS[i] .. ':late', LATE)
      end
    end
    answer[q + 1] = tonumber(redis.call('GET', budget) or -1)
  end
end
return answer
