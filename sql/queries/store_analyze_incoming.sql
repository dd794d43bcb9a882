-- Tells the planner how many offers came in.
-- params: none
-- row: none
analyze incoming_offers;
