select id, started_at, ended_at, scope, providers
from registry_refreshes
order by started_at desc, id
limit 1
