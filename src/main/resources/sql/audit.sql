insert into audit_log (id, at, actor, action, subject, detail)
values (:#audit_id, :#at, :#actor, :#action, :#id, :#detail)
