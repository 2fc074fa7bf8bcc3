insert into registry_hardware (id, detected_at, hardware, advice)
values (:#id, :#detected_at, :#hardware, :#advice)
