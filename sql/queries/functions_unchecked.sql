-- Let this transaction create functions before what their bodies name exists; functions_check checks them later.
-- params: none
-- row: none
select set_config('check_function_bodies', 'off', true);
