select id, name, team, key_hash, prefix, models, rpm, tpm, concurrency, budget_nano_usd, budget_period, tags,
  created_at, expires_at
from api_keys
where id = :#id and revoked_at is null
