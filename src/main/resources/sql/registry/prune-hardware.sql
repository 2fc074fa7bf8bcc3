delete from registry_hardware
where id not in (select id from registry_hardware order by detected_at desc, id limit 100)
