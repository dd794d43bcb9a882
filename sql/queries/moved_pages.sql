-- What editors said of former addresses, the last word on each: where its page is now, or that it is gone for good.
-- params: none
-- row: MovedPage (new_path: null where it is gone)
select distinct on (old_path)
    old_path,
    new_path
from slug_history
order by old_path, id desc;
