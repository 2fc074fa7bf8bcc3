-- How often api_keys was changed, by whomever: each gateway asks for it, and so knows that all keys are as they were.

create table key_changes (
  one   integer not null primary key check (one = 1),  -- the only row
  times bigint  not null
);

create trigger api_keys_inserted after insert on api_keys
begin
  insert into key_changes (one, times) values (1, 1) on conflict (one) do update set times = key_changes.times + 1;
end;

create trigger api_keys_updated after update on api_keys
begin
  insert into key_changes (one, times) values (1, 1) on conflict (one) do update set times = key_changes.times + 1;
end;

create trigger api_keys_deleted after delete on api_keys
begin
  insert into key_changes (one, times) values (1, 1) on conflict (one) do update set times = key_changes.times + 1;
end;
