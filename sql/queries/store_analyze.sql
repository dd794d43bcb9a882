-- Tell the planner about many new offers, before autovacuum does.
-- params: none
-- row: none
analyze cloudgpus.instances, cloudgpus.confirmations;
