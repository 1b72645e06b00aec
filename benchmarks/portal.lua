-- Sends the requests of a file in turn (method, path, cookie and body apart by tabs), as people would: with a pause
-- between one and the next. The last line printed is JSON.
local file = nil
local number = 0

function setup(thread)
  thread:set("id", number)
  number = number + 1
end

function init(args)
  file, pause, threads = args[1], tonumber(args[2]), tonumber(args[3])
  math.randomseed(20260522 + id)
  made, here = {}, 0
  local position = 0
  for line in io.lines(file) do
    if position % threads == id then
      local method, path, cookie, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
      local headers = { ["Cookie"] = cookie, ["Accept-Encoding"] = "gzip" }
      if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
      made[#made + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
    end
    position = position + 1
  end
end

function request()
  here = here % #made + 1
  return made[here]
end

function delay()
  if pause == 0 then return 0 end
  return math.random(math.floor(pause * 0.5), math.floor(pause * 1.5))
end

function done(summary, latency, _)
  local ms = function(p) return latency:percentile(p) / 1000 end
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "refused": %d, "broken": %d, "too_slow": %d, ' ..
    '"per_second": %.1f, "p50_ms": %.1f, "p95_ms": %.1f, "p99_ms": %.1f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write, errors.timeout,
    summary.requests / (summary.duration / 1e6), ms(50), ms(95), ms(99)))
end
