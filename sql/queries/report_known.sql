-- Whether there is a GPU, or a provider, with a slug.
-- params: kind (text), slug (text)
-- row: _Known
select case %(kind)s::text
    when 'gpu' then exists (select from gpu_models where slug = %(slug)s::text)
    else exists (select from providers where slug = %(slug)s::text)
end as is_known;
