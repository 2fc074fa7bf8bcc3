-- Tells the generation of what is kept here: that of the server's run. What an earlier run kept, or
-- a part of it, is left behind.
--
-- KEYS  1 generation
-- ARGV  1 the server's run
--
-- Answers {0, generation}.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then redis.call('SET', KEYS[1], ARGV[1]) end
return {0, ARGV[1]}
