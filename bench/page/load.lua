-- What wrk asks for load.py: the paths of a file, one after another, with an Accept-Encoding or without.

local path_file, accepts = 1, 2
local paths, at = {}, 0
local threads = {}
-- Pages that began before their answer was there. wrk reads it by its name, so it is global.
slow = 0

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    for path in io.lines(args[path_file]) do
        table.insert(paths, path)
    end
    wrk.headers["Accept-Encoding"] = args[accepts]
end

function request()
    at = at % #paths + 1
    return wrk.format("GET", paths[at])
end

function response(status, headers, body)
    if headers["cache-control"] == "no-store" then
        slow = slow + 1
        -- Its status was sent before it was known how it ends.
        if not body:find('class="headline"', 1, true) then
            print("A page began and did not end as an answer: " .. body:sub(-2000))
            os.exit(1)
        end
    end
end

function done(summary, latency)
    local begun_early = 0
    for _, thread in ipairs(threads) do
        begun_early = begun_early + thread:get("slow")
    end
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    print(string.format(
        'measured {"a_second": %f, "p50_ms": %f, "p99_ms": %f, "requests": %d, "failed": %d, "slow": %d}',
        1e6 * summary.requests / summary.duration, latency:percentile(50) / 1000,
        latency:percentile(99) / 1000, summary.requests, failed, begun_early))
end
