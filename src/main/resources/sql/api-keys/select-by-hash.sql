select id, name, team, key_hash, prefix, models, rpm, tpm, concurrency, budget_nano_usd, budget_period, tags,
  created_at, expires_at, (select coalesce(max(times), 0) from key_changes) as changes
from api_keys
where key_hash = :#${body} and revoked_at is null
