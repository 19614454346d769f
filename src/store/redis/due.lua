-- When the first item of each agenda of one partition is claimable.
-- KEYS[1]: prefix and hash tag. ARGV: agendas. Answer: milliseconds from now, or -1 for an empty agenda.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {}
for at, agenda in ipairs(ARGV) do
  local first = redis.call('ZRANGE', KEYS[1] .. 'a:' .. agenda, 0, 0, 'WITHSCORES')
  answer[at] = first[2] and math.max(0, first[2] - now) or -1
end
return answer
