select id, name, team, key_hash, prefix, models, rpm, tpm, concurrency, tags, created_at, expires_at
from api_keys
where revoked_at is null
order by created_at, id
