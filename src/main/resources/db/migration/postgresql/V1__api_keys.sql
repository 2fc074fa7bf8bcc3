-- Times are milliseconds since 1970-01-01T00:00:00Z. JSON is kept as text.

create table api_keys (
  id          text    not null primary key,
  name        text    not null,
  team        text,
  key_hash    text    not null unique,      -- SHA-256 of the secret, 64 hex digits; the secret itself is not kept
  prefix      text    not null,             -- the secret's beginning, for people: sk-iir-abcd…
  models      text    not null,             -- JSON array of model patterns
  rpm         integer,                      -- limits: null falls back to the defaults, 0 is without limit
  tpm         integer,
  concurrency integer,
  tags        text    not null,             -- JSON object of strings
  created_at  bigint  not null,
  expires_at  bigint,
  revoked_at  bigint
);

create index api_keys_by_age on api_keys (created_at, id);

create table audit_log (
  id      text   not null primary key,
  at      bigint not null,
  actor   text   not null,                  -- the id of the key that did it
  action  text   not null,                  -- such as api_key.create
  subject text   not null,                  -- the id of what it was done to
  detail  text   not null                   -- JSON object, never with a secret in it
);

create index audit_log_by_age on audit_log (at, id);

create table settings (
  name  text not null primary key,
  value text not null
);
