-- Every page's record from its last build.
-- params: none
-- row: PageRecord
select
    path,
    page_type,
    gate_state,
    gate_reasons,
    inputs,
    code_version,
    content_hash,
    files,
    last_modified
from built_pages
order by path;
