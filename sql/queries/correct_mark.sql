-- Tell this transaction's triggers whether what is written now is a correction, which changes no price.
-- params: is_correction (text: on or off)
-- row: none
select set_config('cloudgpus.is_correction', %(is_correction)s, true);
