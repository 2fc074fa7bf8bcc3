insert into registry_models
  (provider, name, upstream, place, created, owned_by, context, max_output, price_input, price_output, can, cannot,
   quality, quality_source, inputs, outputs, quantization, deprecated, source, listed, first_seen, last_seen, gone_at, state)
values
  (:#provider, :#name, :#upstream, :#place, :#created, :#owned_by, :#context, :#max_output, :#price_input, :#price_output,
   :#can, :#cannot, :#quality, :#quality_source, :#inputs, :#outputs, :#quantization, :#deprecated, :#source, :#listed,
   :#at, :#at, null, 'there')
on conflict (provider, name) do update set
  upstream = excluded.upstream, place = excluded.place, created = excluded.created, owned_by = excluded.owned_by,
  context = excluded.context, max_output = excluded.max_output, price_input = excluded.price_input,
  price_output = excluded.price_output, can = excluded.can, cannot = excluded.cannot, quality = excluded.quality,
  quality_source = excluded.quality_source, inputs = excluded.inputs, outputs = excluded.outputs,
  quantization = excluded.quantization, deprecated = excluded.deprecated, source = excluded.source,
  listed = excluded.listed, last_seen = excluded.last_seen, gone_at = null,
  state = excluded.state
