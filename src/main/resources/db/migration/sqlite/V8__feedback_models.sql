-- Feedback is of a request and a model: a judge scores the answer of another model beside the client's. SQLite changes no
-- primary key, so the rows move into a new table.

create table feedback_by_model (
  key_id     text             not null,
  request_id text             not null,  -- x-request-id
  at         bigint           not null,  -- when the feedback came
  model      text             not null,  -- that answered, or was compared with it, provider/model
  category   text             not null,
  complexity double precision not null,
  classifier text             not null,  -- as in usage_ledger
  weak       text,                       -- the same
  strong     text,
  score      double precision not null,  -- 0 to 1
  source     text             not null,  -- client, retry, judge
  comment    text,
  primary key (key_id, request_id, model)
);

insert into feedback_by_model
  (key_id, request_id, at, model, category, complexity, classifier, weak, strong, score, source, comment)
select key_id, request_id, at, model, category, complexity, classifier, weak, strong, score, source, comment
from feedback;

drop table feedback;

alter table feedback_by_model rename to feedback;

create index feedback_by_time on feedback (at);
