-- Feedback is of a request and a model: a judge (source: judge) scores the answer of another model beside the client's.

alter table feedback drop constraint feedback_pkey, add primary key (key_id, request_id, model);
