-- What is learned from answers: how good each was, by those who asked for it, and what was made of that. Times are
-- milliseconds since 1970-01-01T00:00:00Z.

alter table usage_ledger add column category text;                -- as the classifier said; null: no conversation
alter table usage_ledger add column complexity double precision;  -- the same, 0 to 1
alter table usage_ledger add column classifier text;              -- its version, on whose scale that is
alter table usage_ledger add column weak text;                    -- the cheapest model that could have answered, for auto/cost
alter table usage_ledger add column strong text;                  -- the strongest one

create index usage_ledger_by_request on usage_ledger (key_id, request_id, at) where complexity is not null;

create table category_daily (
  day      text   not null,      -- of the requests' arrival, in UTC: 2026-07-31
  category text   not null,
  requests bigint not null,
  primary key (day, category)
);

create table feedback (
  key_id     text             not null,
  request_id text             not null,  -- x-request-id
  at         bigint           not null,  -- when the feedback came
  model      text             not null,  -- that answered, provider/model
  category   text             not null,
  complexity double precision not null,
  classifier text             not null,  -- as in usage_ledger
  weak       text,                       -- the same
  strong     text,
  score      double precision not null,  -- 0 to 1
  source     text             not null,  -- client, retry
  comment    text,
  primary key (key_id, request_id)
);

create index feedback_by_time on feedback (at);

create table calibrations (
  number         bigint           not null primary key,
  at             bigint           not null,
  source         text             not null,  -- command, schedule
  author         text             not null,  -- the key that commanded it, or the gateway
  outcome        text             not null,  -- accepted, rolled_back
  classifier     text             not null,  -- its version: for no other one's complexities it holds
  quality_target double precision not null,
  pairs          text             not null   -- JSON
);

-- Which gateway refits by schedule: whoever moves the time on.
create table calibration_turn (
  id integer not null primary key,
  at bigint  not null
);
