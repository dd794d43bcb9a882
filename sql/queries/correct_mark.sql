-- Says to the triggers of this transaction whether what is written now corrects what was stored: then no price moved.
-- params: is_correction (text: on or off)
-- row: none
select set_config('cloudgpus.is_correction', %(is_correction)s, true);
