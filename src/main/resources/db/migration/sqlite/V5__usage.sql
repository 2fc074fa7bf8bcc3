-- What requests used: one row a request, written in batches and never changed, and the sums of each day, written in the
-- same transactions. Times are milliseconds since 1970-01-01T00:00:00Z; costs are in billionths of a USD.

create table usage_ledger (
  id                bigint  not null,       -- grows with the time at which the request ended
  journal           bigint  not null,       -- the run of a gateway that it is from
  at                bigint  not null,       -- when the request came
  request_id        text    not null,       -- x-request-id
  key_id            text    not null,
  team              text,
  route             text    not null,       -- the entry that it came by
  model             text,                   -- provider/model; null: none was asked
  prompt_tokens     bigint  not null,
  cached_tokens     bigint  not null,       -- those of them that the provider had in its cache
  completion_tokens bigint  not null,
  cost_nano_usd     bigint  not null,
  status            integer not null,       -- HTTP; 499: the client left before its answer had ended
  outcome           text    not null,       -- as the meter iir.requests has it
  cache             text,                   -- hit, miss, bypass, coalesced; null: it was not asked
  latency_ms        bigint  not null,
  first_token_ms    bigint  not null,       -- -1: there was none
  primary key (id, journal)
);

create table usage_daily (
  day               text    not null,       -- of the requests' arrival, in UTC: 2026-07-31
  key_id            text    not null,
  team              text    not null,       -- empty: none
  model             text    not null,       -- empty: none
  requests          bigint  not null,
  errors            bigint  not null,
  prompt_tokens     bigint  not null,
  cached_tokens     bigint  not null,
  completion_tokens bigint  not null,
  cost_nano_usd     bigint  not null,
  primary key (day, key_id, team, model)
);

create index usage_daily_by_key on usage_daily (key_id, day);
create index usage_daily_by_team on usage_daily (team, day);
