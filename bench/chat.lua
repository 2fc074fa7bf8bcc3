-- wrk: chat requests to the URL's path for MODEL, with HEADERS (separated by bars). Each is another request: the ten marks
-- in the text of BODY_FILE become a number, from SEED on. With SAME=true they stay, and all requests are the same.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
for header in (os.getenv("HEADERS") or ""):gmatch("[^|]+") do
  local name, value = header:match("^(.-): (.*)$")
  wrk.headers[name] = value
end
local file = assert(io.open(os.getenv("BODY_FILE")))
local text = file:read("*a"):gsub("\n$", "")
file:close()
wrk.body = '{"model":"' .. os.getenv("MODEL") .. '","temperature":0,"messages":[{"role":"system","content":"You are a helpful assistant."},'
  .. '{"role":"user","content":"' .. text .. '"}]}'

if os.getenv("SAME") ~= "true" then
  local number = tonumber(os.getenv("SEED"))
  local head, tail
  function init()
    local whole = wrk.format()
    local at = whole:find("##########", 1, true)
    head, tail = whole:sub(1, at - 1), whole:sub(at + 10)
  end
  function request()
    number = number + 1
    return head .. string.format("%010d", number) .. tail
  end
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %.1f %.3f %.3f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.requests))
end
