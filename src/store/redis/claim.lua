-- Claims what has been due longest on an agenda of one partition.
-- KEYS[1]: prefix and hash tag. ARGV: agenda, hold in ms, fence, then what the claim brings, each as `d:kind:` or
-- `q:kind:` and whose it is: the `item`'s or its `owner`'s, whose name is the first two words of the item's.
-- Answer: now, ms until the next item is claimable or -1, lapses or -1 for no claim, item, rows for each that is brought.
local base, agenda, hold, fence = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local due, holds = base .. 'a:' .. agenda, base .. 'h:' .. agenda
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local item = redis.call('ZRANGEBYSCORE', due, '-inf', string.format('%.0f', now), 'LIMIT', 0, 1)[1]
local lapses, rows = -1, {}
if item then
  -- A hold that is still there was never rested: its holder vanished.
  local before = redis.call('HGET', holds, item)
  lapses = before and tonumber(before:sub(17):match('^%d+ (%d+) ')) + 1 or 0
  redis.call('HSET', holds, item, fence .. string.format('%.0f %d 0', now + hold, lapses))
  redis.call('ZADD', due, string.format('%.0f', now + hold), item)
  for at = 4, #ARGV, 2 do
    local key = base .. ARGV[at] .. (ARGV[at + 1] == 'owner' and item:match('^[^:]*:?[^:]*') or item)
    if ARGV[at]:sub(1, 1) == 'q' then
      table.insert(rows, redis.call('LRANGE', key, 0, -1))
    else
      local row = redis.call('GET', key)
      table.insert(rows, row and { row } or {})
    end
  end
end

local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
local after = first[2] and math.max(0, first[2] - now) or -1
return { now, after, lapses, item or '', rows }
