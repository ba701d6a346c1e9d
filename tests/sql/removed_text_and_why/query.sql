select *
from removed_text
