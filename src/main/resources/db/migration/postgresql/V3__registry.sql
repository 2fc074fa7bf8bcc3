-- What is known of providers, models and the machine. Times are milliseconds since 1970-01-01T00:00:00Z; JSON is kept
-- as text. What is gone is marked, never deleted.

create table registry_providers (
  name      text   not null primary key,
  kind      text   not null,                -- what it is: see docs/API.md
  protocol  text   not null,
  base_urls text   not null,                -- JSON array
  state     text   not null,                -- ok, failed, fixed
  error     text,                           -- why it gave no list when it was asked last; null: it did
  asked_at  bigint not null,
  listed_at bigint                          -- when it gave a list last; null: never
);

create table registry_models (
  provider       text    not null,
  name           text    not null,          -- with the provider before it, the model's id
  upstream       text    not null,          -- what the provider calls it
  place          integer not null,          -- in the provider's list, from 0
  created        bigint  not null,          -- seconds since 1970, 0: unknown
  owned_by       text    not null,
  context        bigint,                    -- facts, whoever says them; null: unknown
  max_output     bigint,
  price_input    text,                      -- USD a million tokens, decimal
  price_output   text,
  can            text    not null,          -- JSON arrays of words
  cannot         text    not null,
  quality        double precision,
  quality_source text,
  inputs         text    not null,
  outputs        text    not null,
  quantization   text,
  deprecated     text,                      -- a date
  source         text    not null,          -- listed, local, configured, catalogue
  listed         text,                      -- JSON object: what its provider itself says of it; null: it does not list it
  first_seen     bigint  not null,
  last_seen      bigint  not null,
  gone_at        bigint,                    -- when its provider did not list it any more; null: it does
  state          text    not null,          -- there, gone
  primary key (provider, name)
);

create index registry_models_by_state on registry_models (state, provider);

create table registry_hardware (
  id          text   not null primary key,  -- the refresh that found it
  detected_at bigint not null,
  hardware    text   not null,              -- JSON object
  advice      text                          -- JSON object: what a model says of the recommendations; null: none was asked
);

create table registry_recommendations (
  hardware       text    not null references registry_hardware (id) on delete cascade,
  rank           integer not null,          -- from 1, the best
  model          text    not null,          -- the catalogue's id
  recommendation text    not null,          -- JSON object
  primary key (hardware, rank)
);

create table registry_refreshes (
  id         text   not null primary key,
  started_at bigint not null,
  ended_at   bigint not null,
  actor      text   not null,               -- the id of the key that asked first
  scope      text   not null,               -- the provider that was asked; empty: all
  providers  text   not null                -- JSON array: what came of each
);

create index registry_refreshes_by_age on registry_refreshes (started_at, id);
