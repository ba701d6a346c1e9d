select *
from coverage
