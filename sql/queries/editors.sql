-- Everybody who may write or review, or may no longer, by name.
-- params: none
-- row: Editor
select
    id,
    name,
    role,
    public_name,
    profile_url,
    password_hash,
    is_active,
    created_at
from editors
order by name;
