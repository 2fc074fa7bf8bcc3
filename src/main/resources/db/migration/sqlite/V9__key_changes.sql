-- The version of api_keys, new with each change of theirs, whoever makes it: each gateway asks for it, and so knows that
-- all keys are as they were. It begins with the time, in microseconds, so that none comes again behind a restore.

create table key_changes (
  one     integer not null primary key check (one = 1),  -- the only row
  version bigint  not null
);

create trigger api_keys_inserted after insert on api_keys
begin
  insert into key_changes (one, version) values (1, cast((julianday('now') - 2440587.5) * 86400000000 as integer))
  on conflict (one) do update set version = max(key_changes.version + 1, excluded.version);
end;

create trigger api_keys_updated after update on api_keys
begin
  insert into key_changes (one, version) values (1, cast((julianday('now') - 2440587.5) * 86400000000 as integer))
  on conflict (one) do update set version = max(key_changes.version + 1, excluded.version);
end;

create trigger api_keys_deleted after delete on api_keys
begin
  insert into key_changes (one, version) values (1, cast((julianday('now') - 2440587.5) * 86400000000 as integer))
  on conflict (one) do update set version = max(key_changes.version + 1, excluded.version);
end;
