select u.*, k.name as key_name
from usage_ledger u
left join api_keys k on k.id = u.key_id
where u.id >= :#leastId
  and (u.id, u.journal) < (:#afterId, :#afterJournal)
  and u.at >= :#fromMillis and u.at < :#toMillis
  and (:#key = '' or u.key_id = :#key or u.key_id in (select id from api_keys where name = :#key))
  and (:#requestId = '' or u.request_id = :#requestId)
  and (:#team = '' or u.team = :#team)
  and (:#model = '' or u.model = :#model)
  and (:#provider = '' or substr(u.model, 1, length(:#provider)) = :#provider)
order by u.id desc, u.journal desc
limit :#limit
