select p.name, p.asked_at, p.listed_at, p.error,
  (select count(*) from registry_models m where m.provider = p.name and m.state = 'gone') as gone
from registry_providers p
order by p.name
