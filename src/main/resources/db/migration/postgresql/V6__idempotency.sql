-- Requests that came with an Idempotency-Key, and their answers, which may hold what people said. Times are
-- milliseconds since 1970-01-01T00:00:00Z. A row is deleted when it expires.

create table idempotency (
  id           text    not null primary key, -- SHA-256 of the API key's id and the Idempotency-Key, in hex
  fingerprint  text    not null,             -- SHA-256 of path, query and body, in hex
  state        text    not null,             -- running, done, too_long
  owner        text    not null,             -- the gateway that answers
  run          bigint  not null,             -- counts that gateway's attempts
  beat         bigint  not null,             -- grows while it is running and its gateway lives
  expires_at   bigint  not null,
  status       integer,                      -- of the answer; null where there is none
  content_type text,
  provider     text,
  model        text,
  answer       bytea                          -- the answer's body as the client got it
);

create index idempotency_by_expiry on idempotency (expires_at);
create index idempotency_running on idempotency (owner) where state = 'running';
