delete from registry_refreshes
where id not in (select id from registry_refreshes order by started_at desc, id limit 1000)
