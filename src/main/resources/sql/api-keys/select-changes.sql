select coalesce(max(times), 0) as times
from key_changes
