-- The version of api_keys, new with each change of theirs, whoever makes it: each gateway asks for it, and so knows that
-- all keys are as they were. It begins with the time, in microseconds, so that none comes again behind a restore.

create table key_changes (
  one     integer not null primary key check (one = 1),  -- the only row, locked until whoever changes keys has committed
  version bigint  not null
);

-- In the schema of the table, and by the rights of its owner, whoever changes keys.
create function api_keys_change() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  execute format(
    'insert into %I.key_changes as k (one, version)'
    ' values (1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)'
    ' on conflict (one) do update set version = greatest(k.version + 1, excluded.version)',
    tg_table_schema);
  return null;
end;
$$;

-- Before, so that all who change keys lock this row first, and none waits for another who waits for it.
create trigger api_keys_change before insert or update or delete or truncate on api_keys
for each statement execute function api_keys_change();
