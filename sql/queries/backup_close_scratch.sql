-- Keeps others from connecting to this scratch database, which could then not be dropped.
-- params: none
-- row: none
do $$
begin
    execute 'revoke all on database ' || quote_ident(current_database()) || ' from public';
end $$;
