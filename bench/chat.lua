-- wrk: a chat request of a user with the key and the Cache-Control header that the environment gives.
wrk.method = "POST"
wrk.path = "/v1/chat/completions"
wrk.body = '{"model":"bench/m","messages":[{"role":"system","content":"You are a helpful assistant."},'
  .. '{"role":"user","content":"Tell me in two sentences what the quick brown fox does, and why."}]}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
local control = os.getenv("CACHE_CONTROL")
if control and control ~= "" then
  wrk.headers["Cache-Control"] = control
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.2f %.2f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.requests))
end
