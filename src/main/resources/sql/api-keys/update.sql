update api_keys
set name = :#name, team = :#team, models = :#models, rpm = :#rpm, tpm = :#tpm, concurrency = :#concurrency,
  budget_nano_usd = :#budget_nano_usd, budget_period = :#budget_period, tags = :#tags, expires_at = :#expires_at
where id = :#id
