insert into api_keys
  (id, name, team, key_hash, prefix, models, rpm, tpm, concurrency, budget_nano_usd, budget_period,
   tags, created_at, expires_at)
values
  (:#id, :#name, :#team, :#key_hash, :#prefix, :#models, :#rpm, :#tpm, :#concurrency,
   :#budget_nano_usd, :#budget_period, :#tags, :#created_at, :#expires_at)
