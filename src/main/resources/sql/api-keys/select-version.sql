select coalesce(max(version), 0) as version
from key_changes
