select id, name, team, key_hash, prefix, models, rpm, tpm, concurrency, budget_nano_usd, budget_period, tags,
  created_at, expires_at, (select coalesce(max(version), 0) from key_changes) as version
from api_keys
where key_hash = :#${body} and revoked_at is null
