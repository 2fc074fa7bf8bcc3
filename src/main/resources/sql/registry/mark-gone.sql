update registry_models
set gone_at = :#at, state = 'gone'
where provider = :#provider and name = :#name
