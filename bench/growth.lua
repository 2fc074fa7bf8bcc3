-- wrk: chat requests whose key, model and text are numbered. In MODEL and HEADERS and the text a row of marks becomes a number of
-- as many digits: # the text's (one of TEXTS), % the model's (one of MODELS), ~ the key's (one of KEYS, from FIRST_KEY on).
-- 0 of them: each request has another one. STRIDE tells the way through them: 1 is one after the other. EXPECT is the right status.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
for header in (os.getenv("HEADERS") or ""):gmatch("[^|]+") do
  local name, value = header:match("^(.-): (.*)$")
  wrk.headers[name] = value
end
wrk.body = '{"model":"' .. os.getenv("MODEL") .. '","temperature":0,"messages":[{"role":"user","content":"The brown fox of number '
  .. '########## lives at the edge of the wood behind the mill. Tell me in two sentences what it does in winter."}]}'

local number = tonumber(os.getenv("SEED"))
local stride = tonumber(os.getenv("STRIDE") or 7919)
local expected = tonumber(os.getenv("EXPECT") or 200)
local first = { ["~"] = tonumber(os.getenv("FIRST_KEY") or 0) }
local many = { ["#"] = tonumber(os.getenv("TEXTS") or 0), ["%"] = tonumber(os.getenv("MODELS") or 1), ["~"] = tonumber(os.getenv("KEYS") or 1) }
local parts = {}
local marks = {}
local threads = {}
wrong = 0

function setup(thread)
  table.insert(threads, thread)
end

function init()
  local whole = wrk.format()
  local from = 1
  while true do
    local at, last = whole:find("[#%%~][#%%~][#%%~]+", from)
    table.insert(parts, whole:sub(from, (at or 0) - 1))
    if not at then break end
    table.insert(marks, { kind = whole:sub(at, at), form = "%0" .. (last - at + 1) .. "d" })
    from = last + 1
  end
end

function request()
  number = number + 1
  local text = parts[1]
  for i, mark in ipairs(marks) do
    local most = many[mark.kind]
    local value = most == 0 and number or (number * stride) % most
    text = text .. string.format(mark.form, value + (first[mark.kind] or 0)) .. parts[i + 1]
  end
  return text
end

function response(status)
  if status ~= expected then wrong = wrong + 1 end
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do errors = errors + thread:get("wrong") end
  io.write(string.format("RESULT %.1f %.3f %.3f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.requests))
end
