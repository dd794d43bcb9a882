-- Takes names off the list of unknown ones that a newer, complete answer no longer has, or that are known by now.
-- params: provider_id (uuid), observed_at (timestamptz)
-- row: none
delete from cloudgpus.unmapped_gpu_names
where provider_id = %(provider_id)s
    and last_seen_at < %(observed_at)s;
