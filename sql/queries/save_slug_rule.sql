-- Say where a page that was taken off the site is found now, or that it is gone.
-- params: old_path (text), new_path (text; null: gone), at (timestamptz), actor (text)
-- row: none
insert into slug_history (old_path, new_path, status, at, actor)
values (
    %(old_path)s,
    %(new_path)s::text,
    case when %(new_path)s::text is null then 410 else 301 end,
    %(at)s,
    %(actor)s
);
