-- The mistake that a rehearsal recovers from: everything is gone.
-- params: none
-- row: none
do $$
begin
    drop schema cloudgpus cascade;
end $$;
