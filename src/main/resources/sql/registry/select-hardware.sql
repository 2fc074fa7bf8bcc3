select id, detected_at, hardware, advice
from registry_hardware
order by detected_at desc, id
limit 1
