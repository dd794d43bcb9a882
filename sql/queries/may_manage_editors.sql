-- Whether this login may write who the editors are.
-- params: none
-- row: _May
select has_table_privilege(current_user, 'editors', 'update') as may;
