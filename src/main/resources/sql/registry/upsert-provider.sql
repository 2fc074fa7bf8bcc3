insert into registry_providers (name, kind, protocol, base_urls, state, error, asked_at, listed_at)
values (:#name, :#kind, :#protocol, :#base_urls, :#state, :#error, :#asked_at, :#listed_at)
on conflict (name) do update set
  kind = case when excluded.state = 'failed' and base_urls = excluded.base_urls then kind else excluded.kind end,
  protocol = excluded.protocol, base_urls = excluded.base_urls, state = excluded.state,
  error = excluded.error, asked_at = excluded.asked_at,
  listed_at = coalesce(excluded.listed_at, case when base_urls = excluded.base_urls then listed_at end)
