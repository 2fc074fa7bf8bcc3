-- How often api_keys was changed, by whomever: each gateway asks for it, and so knows that all keys are as they were.

create table key_changes (
  one   integer not null primary key check (one = 1),  -- the only row, locked until whoever changed a key has committed
  times bigint  not null
);

create function api_keys_changed() returns trigger language plpgsql as $$
begin
  insert into key_changes (one, times) values (1, 1) on conflict (one) do update set times = key_changes.times + 1;
  return null;
end;
$$;

create trigger api_keys_changed after insert or update or delete or truncate on api_keys
for each statement execute function api_keys_changed();
