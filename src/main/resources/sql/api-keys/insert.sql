insert into api_keys
  (id, name, team, key_hash, prefix, models, rpm, tpm, concurrency, tags, created_at, expires_at)
values
  (:#id, :#name, :#team, :#key_hash, :#prefix, :#models, :#rpm, :#tpm, :#concurrency, :#tags, :#created_at, :#expires_at)
