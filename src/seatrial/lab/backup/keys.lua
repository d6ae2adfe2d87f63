-- A line for each database of Redis: how many keys do not expire, and one digest of all of them.
local lines, at = {}, 0
for database = 0, 15 do
  if not redis.pcall('SELECT', database).ok then break end
  local seen, digests, cursor = {}, {}, '0'
  repeat
    local page = redis.call('SCAN', cursor, 'COUNT', 1000)
    cursor = page[1]
    for _, key in ipairs(page[2]) do
      if not seen[key] and redis.call('PTTL', key) == -1 then
        seen[key] = true
        local kind, value = redis.call('TYPE', key).ok, nil
        if kind == 'string' then value = {redis.call('GET', key)}
        elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
        elseif kind == 'set' then value = redis.call('SMEMBERS', key); table.sort(value)
        elseif kind == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
        elseif kind == 'hash' then
          local flat = redis.call('HGETALL', key)
          value = {}
          for i = 1, #flat, 2 do value[#value + 1] = #flat[i] .. ':' .. flat[i] .. flat[i + 1] end
          table.sort(value)
        elseif kind == 'stream' then
          value = {}
          for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
            value[#value + 1] = entry[1] .. table.concat(entry[2], '\0')
          end
        else value = {redis.call('DUMP', key)} end
        for i, part in ipairs(value) do value[i] = #part .. ':' .. part end
        digests[#digests + 1] = redis.sha1hex(#key .. ':' .. key .. kind .. table.concat(value))
      end
    end
  until cursor == '0'
  table.sort(digests)
  if #digests > 0 then
    at = at + 1
    lines[at] = 'database ' .. database .. '\t' .. #digests .. '\t' .. redis.sha1hex(table.concat(digests))
  end
end
return table.concat(lines, '\n')
