-- Delete the bodies that no answer refers to any more.
-- params: none
-- row: none
delete from cloudgpus.capture_bodies as content
where not exists (
    select
    from cloudgpus.captures as capture
    where capture.sha256 = content.sha256
);
