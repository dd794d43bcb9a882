create or replace function cloudgpus.segment_of(kind cloudgpus.provider_type) returns text
language sql
immutable
parallel safe
return case
    when kind = 'hyperscaler' then 'hyperscaler'
    when kind in ('marketplace', 'depin') then 'marketplace'
    else 'cloud'
end;

comment on function cloudgpus.segment_of(cloudgpus.provider_type) is
    'The market segment of a kind of provider: hyperscaler, cloud (GPU clouds, regional ones, bare metal) or marketplace '
    '(DePIN too)';
