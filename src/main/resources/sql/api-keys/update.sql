update api_keys
set name = :#name, team = :#team, models = :#models, rpm = :#rpm, tpm = :#tpm, concurrency = :#concurrency,
  tags = :#tags, expires_at = :#expires_at
where id = :#id
