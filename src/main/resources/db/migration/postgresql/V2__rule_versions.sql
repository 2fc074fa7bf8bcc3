-- Each text that a rule had or was to have. Times are milliseconds since 1970-01-01T00:00:00Z.

create table rule_versions (
  rule     text   not null,                 -- the rule's id
  number   bigint not null,                 -- counts a rule's texts, from 1
  file     text   not null,                 -- the name of the file that it came from
  hash     text   not null,                 -- the text's SHA-256, 64 hex digits
  text     text   not null,
  at       bigint not null,                 -- when it came
  source   text   not null,                 -- file, shipped, last_good, rollback
  outcome  text   not null,                 -- accepted, refused, rolled_back
  author   text,                            -- the id of the key that caused it; null: a file changed
  problems text   not null,                 -- JSON array: why it was refused or rolled back
  primary key (rule, number)
);

create index rule_versions_by_hash on rule_versions (rule, hash, number);
