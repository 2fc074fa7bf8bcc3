-- Ends a grant: gives back what was not used, takes what was used beyond it. Done once, however
-- often it is sent.
--
-- KEYS  1 generation, 2 grants that this gateway holds, 3 grants that it called off;
--       then for each quota: window, holdings, budget
-- ARGV  1 generation, 2 this gateway, 3 the grant, 4 '1' if the grant may never have been made:
--       then it must not be made later; then for each quota: requests and tokens to give back to
--       their slot, tokens to take now, places and nano-USD that were held, nano-USD spent
--
-- Answers {0, spent of each quota's budget since then (-1: it has none)}: done; {1}: it was not held; {2}: this generation is over.
local FIRST, PER_QUOTA, SECONDS = 5, 6, 61

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
for q = 1, (#KEYS - 3) / 3 do
  local a = FIRST + (q - 1) * PER_QUOTA
  local window, holdings, budget = KEYS[1 + q * 3], KEYS[2 + q * 3], KEYS[3 + q * 3]
  giveBack(window, 'r', tonumber(ARGV[a]))
  giveBack(window, 't', tonumber(ARGV[a + 1]))
  if ARGV[a + 2] ~= '0' then
    if redis.call('EXISTS', window) == 0 then redis.call('HSET', window, 'o', now, 'r', 0) end
    redis.call('HSET', window, 'n', now)
    redis.call('HINCRBY', window, 't', ARGV[a + 2])
    redis.call('HINCRBY', window, 't' .. now, ARGV[a + 2])
    redis.call('PEXPIRE', window, (SECONDS + 1) * 1000)
  end
  if ARGV[a + 3] ~= '0' then redis.call('HINCRBY', holdings, 'n' .. self, '-' .. ARGV[a + 3]) end
  if ARGV[a + 4] ~= '0' then redis.call('HINCRBY', holdings, 'u' .. self, '-' .. ARGV[a + 4]) end
  answer[q + 1] = -1
  if ARGV[a + 5] ~= '0' and redis.call('EXISTS', budget) == 1 then
    answer[q + 1] = redis.call('INCRBY', budget, ARGV[a + 5])
  end
end
return answer
