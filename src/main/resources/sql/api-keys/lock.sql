update api_keys
set id = id
where id = :#id
