-- Rows of several keys of one partition, read at one moment.
-- KEYS[1]: prefix and hash tag. ARGV: names, each `d:…` for a row or `q:…` for a queue.
local answer = {}
for at, name in ipairs(ARGV) do
  if name:sub(1, 1) == 'q' then
    answer[at] = redis.call('LRANGE', KEYS[1] .. name, 0, -1)
  else
    local row = redis.call('GET', KEYS[1] .. name)
    answer[at] = row and { row } or {}
  end
end
return answer
