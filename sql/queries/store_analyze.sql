-- Tells the planner of many new offers, before autovacuum comes round to it.
-- params: none
-- row: none
analyze cloudgpus.instances, cloudgpus.confirmations;
