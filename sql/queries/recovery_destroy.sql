-- Make the mistake that a rehearsal recovers from: drop everything.
-- params: none
-- row: none
do $$
begin
    drop schema cloudgpus cascade;
end $$;
