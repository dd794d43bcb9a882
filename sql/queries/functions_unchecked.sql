-- Takes functions of this transaction before what their bodies name is there; functions_check reads them then.
-- params: none
-- row: none
select set_config('check_function_bodies', 'off', true);
