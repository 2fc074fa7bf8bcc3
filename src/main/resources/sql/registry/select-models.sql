select name, state
from registry_models
where provider = :#${body}
