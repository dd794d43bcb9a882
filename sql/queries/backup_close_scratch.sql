-- Keep others from connecting to this scratch database: it could not be dropped then.
-- params: none
-- row: none
do $$
begin
    execute 'revoke all on database ' || quote_ident(current_database()) || ' from public';
end $$;
