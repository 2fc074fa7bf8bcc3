update api_keys
set revoked_at = :#at
where id = :#id
