create or replace function cloudgpus.decide_on_price(
    entry bigint, decision text, who text, why text, told jsonb, moment timestamptz
) returns table (provider text, instance_type text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    decided record;
    is_release boolean := decision in ('release_price', 'correct_price');
begin
    if not is_release and decision <> 'keep_price_back' then
        raise exception 'no decision on a price is called "%"', decision;
    end if;
    if not cloudgpus.is_at_desk(who) then
        raise exception '"%" may not decide on prices: expected an active editor', who;
    end if;
    update cloudgpus.quarantine as held
    set
        state = case when is_release then 'released' else 'rejected' end,
        decided_by = who,
        decided_at = moment,
        reason = why
    from cloudgpus.providers as seller
    where seller.id = held.provider_id
        and held.id = entry
        and held.state in ('waiting', 'rejected')
        and (not is_release or held.prices <> '{}')
    returning seller.slug, held.instance_type, held.region, held.prices into decided;
    if not found then
        return;
    end if;
    insert into cloudgpus.audit_log (at, actor, action, object, detail)
    values (
        moment,
        who,
        decision,
        concat_ws(' ', decided.slug, nullif(decided.instance_type, ''), nullif(decided.region, '')),
        told || jsonb_build_object('number', entry, 'prices', decided.prices, 'reason', coalesce(why, ''))
    );
    return query select decided.slug::text, decided.instance_type::text;
end $$;

comment on function cloudgpus.decide_on_price(bigint, text, text, text, jsonb, timestamptz) is
    'Release a price that is held back, as a correction or not, or keep it back, with the row of the audit log; no row '
    'where there is no such price to decide on';
