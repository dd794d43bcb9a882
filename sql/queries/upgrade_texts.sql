-- Give the copied guides and texts about workloads their revisions and approvals; that is no change of their pages.
-- params: none
-- row: none
do $$
begin
    alter table cloudgpus.content_pages disable trigger update_content_pages_timestamp;
    perform cloudgpus.adopt_published_texts();
    alter table cloudgpus.content_pages enable trigger update_content_pages_timestamp;
end $$;
