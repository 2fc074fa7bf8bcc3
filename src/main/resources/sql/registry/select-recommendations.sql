select rank, recommendation
from registry_recommendations
where hardware = :#${body}
order by rank
