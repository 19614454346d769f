-- Applies a batch, or refuses it: all expectations first, then all writes.
-- KEYS[1]: prefix and hash tag. ARGV: id of the batch, channel of stirs, number of the partition, whether
-- replicas are asked to confirm, number of expectations, then each expectation and each write as a word and its arguments.
-- Answer: index of the first expectation that does not hold or -1, now, whether the held item was woken.
local base, id, channel, partition, confirmed = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local at = 5
local function take()
  at = at + 1
  return ARGV[at]
end

local function ms(number)
  return string.format('%.0f', number)
end

-- What is kept of a claim: 16 bytes of fence, then `until lapses wakes`.
local function held(agenda, item)
  local raw = redis.call('HGET', base .. 'h:' .. agenda, item)
  if not raw then
    return nil
  end
  local ends, lapses, wakes = raw:sub(17):match('^(%d+) (%d+) (%d+)$')
  return { fence = raw:sub(1, 16), ends = tonumber(ends), lapses = tonumber(lapses), wakes = tonumber(wakes) }
end

local function keep(agenda, item, hold)
  local text = string.format('%.0f %d %d', hold.ends, hold.lapses, hold.wakes)
  redis.call('HSET', base .. 'h:' .. agenda, item, hold.fence .. text)
end

local function stir(agenda, item, due, wakes)
  redis.call('PUBLISH', channel, agenda .. ' ' .. partition .. ' ' .. ms(math.max(0, due - now)) .. ' ' .. wakes .. ' ' .. item)
end

-- The version of a row, or of the newest row of a queue.
local function newest(name)
  if name:sub(1, 1) == 'q' then
    return (redis.call('LINDEX', base .. name, -1) or ''):sub(1, 16)
  end
  return redis.call('GETRANGE', base .. name, 0, 15)
end

local function count(name)
  if name:sub(1, 1) == 'q' then
    return redis.call('LLEN', base .. name)
  end
  return redis.call('EXISTS', base .. name)
end

local refused, woken = -1, 0
local expects = {
  absent = function() return count(take()) == 0 end,
  at = function() local name, version = take(), take() return newest(name) == version end,
  fewer = function() local name, limit = take(), tonumber(take()) return count(name) < limit end,
  held = function()
    local agenda, item, fence = take(), take(), take()
    local hold = held(agenda, item)
    if not hold or hold.fence ~= fence then
      return false
    end
    if hold.wakes > 0 then
      woken = 1
    end
    return true
  end,
}
for index = 0, ARGV[5] - 1 do
  local holds = expects[take()]()
  if not holds and refused < 0 then
    refused = index
  end
end

if refused >= 0 then
  -- WAIT speaks for what its own connection wrote last. What makes us refuse may have come by another.
  if confirmed then
    redis.call('SET', base .. 'w', id, 'PX', 60000)
  end
  -- A copy of a batch that was applied: a row that it put still carries its id.
  local arguments = { put = 3, push = 2, remove = 2, delete = 1, wake = 3, hold = 3, rest = 3 }
  while at < #ARGV do
    local word, name = take(), ARGV[at + 1]
    if word == 'put' and newest(name) == id then
      return { -1, now, woken }
    end
    at = at + arguments[word]
  end
  return { refused, now, woken }
end

local writes = {
  put = function()
    local name, value, ttl = take(), take(), take()
    if ttl == '-1' then
      redis.call('SET', base .. name, id .. value)
    else
      redis.call('SET', base .. name, id .. value, 'PX', ttl)
    end
  end,
  push = function() local name, value = take(), take() redis.call('RPUSH', base .. name, id .. value) end,
  remove = function()
    local name, version = take(), take()
    for _, row in ipairs(redis.call('LRANGE', base .. name, 0, -1)) do
      if row:sub(1, 16) == version then
        redis.call('LREM', base .. name, 1, row)
      end
    end
  end,
  delete = function() redis.call('DEL', base .. take()) end,
  wake = function()
    local agenda, item, after = take(), take(), tonumber(take())
    local due, hold = base .. 'a:' .. agenda, held(agenda, item)
    if hold then
      -- Also after the hold has run out: a late holder whom nobody has followed may still rest. The item is due when the
      -- hold ends, or has been since.
      hold.wakes = hold.wakes + 1
      keep(agenda, item, hold)
      stir(agenda, item, hold.ends, hold.wakes)
    else
      -- Never pushes back what is due earlier.
      redis.call('ZADD', due, 'LT', ms(now + after), item)
      stir(agenda, item, tonumber(redis.call('ZSCORE', due, item)), 0)
    end
  end,
  hold = function()
    local agenda, item, length = take(), take(), tonumber(take())
    local hold = held(agenda, item)
    hold.ends = now + length
    keep(agenda, item, hold)
    redis.call('ZADD', base .. 'a:' .. agenda, ms(hold.ends), item)
  end,
  rest = function()
    local agenda, item, again = take(), take(), tonumber(take())
    local due, hold = base .. 'a:' .. agenda, held(agenda, item)
    redis.call('HDEL', base .. 'h:' .. agenda, item)
    if hold.wakes > 0 then
      again = 0
    end
    if again < 0 then
      redis.call('ZREM', due, item)
    else
      redis.call('ZADD', due, ms(now + again), item)
      stir(agenda, item, now + again, 0)
    end
  end,
}
while at < #ARGV do
  writes[take()]()
end
return { -1, now, woken }
