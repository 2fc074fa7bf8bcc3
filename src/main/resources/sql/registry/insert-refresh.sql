insert into registry_refreshes (id, started_at, ended_at, actor, scope, providers)
values (:#id, :#started_at, :#ended_at, :#actor, :#scope, :#providers)
