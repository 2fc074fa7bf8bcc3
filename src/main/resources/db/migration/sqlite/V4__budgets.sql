-- What a key may spend: null in both is without a budget. In billionths of a USD.

alter table api_keys add column budget_nano_usd bigint;
alter table api_keys add column budget_period text;   -- day, month, total
