insert into registry_providers (name, kind, protocol, base_urls, state, error, asked_at, listed_at)
values (:#name, :#kind, :#protocol, :#base_urls, :#state, :#error, :#asked_at, :#listed_at)
on conflict (name) do update set
  kind = case when excluded.state = 'failed' and registry_providers.base_urls = excluded.base_urls then registry_providers.kind
    else excluded.kind end,
  protocol = excluded.protocol, base_urls = excluded.base_urls, state = excluded.state,
  error = excluded.error, asked_at = excluded.asked_at,
  listed_at = coalesce(excluded.listed_at, case when registry_providers.base_urls = excluded.base_urls then registry_providers.listed_at end)
