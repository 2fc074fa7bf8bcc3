select s.*, k.name as key_name
from (
  select
    case when :#byDay = 1 then day else '' end as day,
    case when :#byKey = 1 then key_id else '' end as key_id,
    case when :#byTeam = 1 then team else '' end as team,
    case when :#byModel = 1 then model else '' end as model,
    cast(sum(requests) as bigint) as requests,
    cast(sum(errors) as bigint) as errors,
    cast(sum(prompt_tokens) as bigint) as prompt_tokens,
    cast(sum(cached_tokens) as bigint) as cached_tokens,
    cast(sum(completion_tokens) as bigint) as completion_tokens,
    cast(sum(cost_nano_usd) as bigint) as cost_nano_usd
  from usage_daily
  where day >= :#from and day <= :#to
    and (:#key = '' or key_id = :#key or key_id in (select id from api_keys where name = :#key))
    and (:#team = '' or team = :#team)
    and (:#model = '' or model = :#model)
    and (:#provider = '' or substr(model, 1, length(:#provider)) = :#provider)
  group by 1, 2, 3, 4
) s
left join api_keys k on k.id = s.key_id
order by s.day, s.key_id, s.team, s.model
limit :#most
