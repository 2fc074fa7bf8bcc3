-- Finds the request that feedback is about. Made while other gateways write the ledger, so not in a transaction; what an
-- attempt has left that broke off is made anew.
drop index concurrently if exists usage_ledger_by_request;
create index concurrently usage_ledger_by_request on usage_ledger (key_id, request_id, at) where complexity is not null;
