-- Finds the request that feedback is about.
create index usage_ledger_by_request on usage_ledger (key_id, request_id, at) where complexity is not null;
