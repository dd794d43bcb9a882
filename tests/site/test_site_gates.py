"""Every page whose gate passes exists, and no other: each type's gate, recomputed from the stored rows alone."""

from collections.abc import Iterator

import pycountry
import pytest
from slugify import slugify

from generator.database import db
from tests.site.conftest import BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.postgres]

# Offers as stored, by none of the project's functions: what may be shown, is fresh, and ranks but for resellers.
OFFERS = """
create temporary table told as
select max(as_of) as as_of from runs where completed_at is not null and source <> 'replay';

create temporary table shown as
select offer.id, offer.provider_id, offer.region, offer.available_regions,
    gpu.slug as gpu, gpu.kind, gpu.chip, gpu.is_active as gpu_is_active, provider.slug as provider, offer.upstream,
    provider.is_active as provider_is_active,
    offer.price_per_hour, offer.price_per_hour_spot,
    seen.at >= told.as_of - case when offer.is_recorded then interval '30 days' else class.fresh_for end as is_fresh,
    offer.price_basis = 'complete' and offer.gpu_share = 1
        and (not offer.availability_stated or offer.availability_status in ('available', 'limited'))
        and (provider.provider_type <> 'depin' or coalesce(provider.sla_uptime_percent, 100) >= 95) as may_rank
from told
cross join instances as offer
join providers as provider on provider.id = offer.provider_id and provider.is_active
join gpu_models as gpu on gpu.id = offer.gpu_model_id and gpu.is_active
join source_classes as class on class.source_class = provider.source_class
left join confirmations as confirmed on confirmed.instance_id = offer.id
cross join lateral (select coalesce(confirmed.last_confirmed_at, offer.last_scraped_at) as at) as seen
where offer.is_active and seen.at <= told.as_of
    and (offer.is_recorded or seen.at >= told.as_of - class.expires_after);

create temporary table priced as
select distinct shown.gpu, shown.kind, shown.chip, shown.provider, shown.upstream, priced.pricing
from shown
cross join lateral (values ('on_demand', price_per_hour), ('spot', price_per_hour_spot)) as priced (pricing, price)
where shown.is_fresh and shown.may_rank and priced.price is not null;

-- A reseller's price does not count beside that of the cloud behind it.
create temporary table ranked as
select distinct gpu, kind, chip, provider, pricing
from priced
where not exists (
    select from priced as own
    where own.provider = priced.upstream and own.gpu = priced.gpu and own.pricing = priced.pricing
);
"""
# Path -> whether it is indexable, by page type; null where more than offers decides.
GATES = {
    "gpu_detail": """
        select '/gpu/' || gpu || '/', case when count(ranked.provider) >= 2 then true
            when count(ranked.provider) = 0 then false end
        from (select distinct gpu from shown where kind = 'variant') as offered
        left join ranked using (gpu)
        where ranked.pricing = 'on_demand' or ranked.pricing is null
            or not exists (select from ranked as other where other.gpu = offered.gpu and other.pricing = 'on_demand')
        group by gpu""",
    "gpu_chip": """
        select '/gpu/' || chip || '/', count(*) filter (where providers_n >= 2) >= 2
        from (
            select chip, gpu, count(distinct provider) as providers_n
            from ranked where chip is not null and kind = 'variant' and pricing = 'on_demand' group by chip, gpu
        ) as variants
        group by chip
        having count(*) filter (where providers_n >= 2) >= 2""",
    "provider_detail": """
        select '/provider/' || provider.slug || '/', case when fresh.gpus_n >= 2 then true
            when coalesce(fresh.gpus_n, 0) = 0 then false end
        from providers as provider
        left join (select provider, count(distinct gpu) as gpus_n from shown where is_fresh group by provider) as fresh
            on fresh.provider = provider.slug
        where provider.is_active""",
    "cheapest_gpu": """
        select '/cheapest/' || gpu || case when pricing = 'spot' then '/spot/' else '/' end, true
        from ranked where kind = 'variant'
        group by gpu, pricing having count(distinct provider) >= 4""",
    "provider_gpu": """
        with sold as (
            select gpu, provider, sum(greatest(cardinality(coalesce(available_regions, '{}')), 1)) as places_n
            from shown
            where is_fresh and may_rank and price_per_hour is not null and kind = 'variant'
                and (gpu, provider, 'on_demand') in (select gpu, provider, pricing from ranked)
            group by gpu, provider
        ),
        changed as (
            select gpu.slug as gpu, provider.slug as provider
            from price_history as price
            join gpu_models as gpu on gpu.id = price.gpu_model_id
            join providers as provider on provider.id = price.provider_id
            cross join told
            where price.is_active and price.recorded_at <= told.as_of
            group by gpu.slug, provider.slug, told.as_of
            having (min(price.recorded_at) at time zone 'UTC')::date <= (told.as_of at time zone 'UTC')::date - 60
                and count(distinct (price.instance_id, price.price_per_hour)) > count(distinct price.instance_id)
        ),
        enough as (
            select gpu, provider from sold
            where places_n >= 2 or (gpu, provider) in (select gpu, provider from changed)
        ),
        linked as (
            select enough.*, count(*) over (partition by gpu) + count(*) over (partition by provider) - 2 as links_n
            from enough
        )
        select '/provider/' || one.provider || '/' || one.gpu || '/', (
            select count(*) >= 3 from linked as other
            where (other.gpu = one.gpu) <> (other.provider = one.provider) and other.links_n >= 3
        )
        from enough as one
        union all
        select '/provider/' || provider || '/' || gpu || '/', false
        from shown where kind = 'variant' and (gpu, provider) not in (select gpu, provider from enough)
        group by provider, gpu having count(*) > 20""",
    "evidence": """
        select distinct on (offer.scrape_job_id) '/evidence/' || left(answer.sha256, 12) || '/', false
        from shown
        join instances as offer using (id)
        join captures as answer on answer.scrape_job_id = offer.scrape_job_id
        join capture_bodies as body using (sha256)
        where shown.gpu_is_active
        order by offer.scrape_job_id, body.body_bytes desc, answer.url, answer.sha256""",
    "gpu_set": """
        with priced as (
            select ranked.gpu, ranked.provider, ranked.pricing, model.vram_gb, market.floor
            from ranked
            join gpu_models as model on model.slug = ranked.gpu
            join gpu_figures as market on market.gpu_model_id = model.id and market.pricing_type = 'on_demand'
                and market.segment = ''
            where ranked.kind = 'variant'
        )
        select path, count(distinct gpu) >= 3 and count(distinct provider) >= 4
        from priced
        cross join lateral (
            select '/gpu/vram/' || vram_gb || 'gb/'
            where pricing = 'on_demand' and vram_gb in (16, 24, 32, 40, 48, 80, 96, 141, 192)
            union all
            select '/gpu/per-hour/' || case when floor < 0.5 then 'under-0.5' when floor < 1 then '0.5-to-1'
                when floor < 2 then '1-to-2' when floor < 3 then '2-to-3' else '3-to-5' end || '-usd/'
            where pricing = 'on_demand' and floor < 5
        ) as listed (path)
        group by path having count(distinct gpu) >= 2""",
    "region": """
        with placed as (
            select shown.id, shown.provider, named.code
            from shown
            join provider_regions as place on place.provider_id = shown.provider_id
                and (place.region = shown.region or place.region = any(shown.available_regions))
            cross join lateral (values (place.country::text), (place.continent)) as named (code)
            where named.code is not null
        )
        select '/region/' || slug || '/', case when count(distinct provider) < 3 or count(*) < 5 then false
            when max(length(code)) = 2 then true end
        from placed
        join region_names using (code)
        group by slug""",
}
_BY_OTHER_RULES = "/gpu/with/"  # what offers state of their machines
# What every page of the type needs, where relatedness or a limit chooses among the pairs that have it.
NEEDED = {
    "gpu_comparison": """
        select '/compare/' || least(a.gpu, b.gpu) || '-vs-' || greatest(a.gpu, b.gpu) || '/'
        from ranked as a join ranked as b using (provider, pricing)
        where a.gpu < b.gpu and pricing = 'on_demand' and a.kind = 'variant' and b.kind = 'variant'
        group by a.gpu, b.gpu having count(*) >= 2""",
    "provider_comparison": """
        select '/compare/' || a.provider || '-vs-' || b.provider || '/'
        from ranked as a join ranked as b using (gpu, pricing)
        where a.provider < b.provider and pricing = 'on_demand' and a.kind = 'variant'
        group by a.provider, b.provider having count(*) >= 3""",
}


@pytest.fixture(scope="module")
def stored(built_site: BuiltSite) -> Iterator[db.Connection]:
    with db.connect(built_site.database_url) as connection:
        connection.execute(OFFERS)
        connection.execute("create temporary table region_names (code text, slug text)")
        with connection.cursor() as cursor:
            cursor.executemany("insert into region_names values (%s, %s)", list(region_names()))
        yield connection
        connection.rollback()


def region_names() -> Iterator[tuple[str, str]]:
    """The code of each country and continent, with its name as addresses have it."""
    for country in pycountry.countries:
        yield (
            country.alpha_2,
            slugify(getattr(country, "common_name", country.name)).replace("russian-federation", "russia"),
        )
    for continent in ("Africa", "Asia", "Europe", "North America", "Oceania", "South America"):
        yield continent, slugify(continent)


def built(stored: db.Connection, page_type: str) -> dict[str, bool]:
    query = "select path, gate_state = 'indexable' from built_pages where page_type = %s"
    return dict(stored.execute(query, [page_type]).fetchall())


@pytest.mark.parametrize("page_type", GATES)
def test_the_pages_of_a_type_are_those_whose_rows_pass_its_gate(stored: db.Connection, page_type: str) -> None:
    found, expected = built(stored, page_type), dict(stored.execute(GATES[page_type]).fetchall())
    assert found
    assert {path: found.get(path) for path, state in expected.items() if state is not None} == {
        path: state for path, state in expected.items() if state is not None
    }
    others = {path for path, is_indexable in found.items() if is_indexable} - expected.keys()
    assert {path for path in others if not path.startswith(_BY_OTHER_RULES)} == set()


@pytest.mark.parametrize("page_type", NEEDED)
def test_every_pair_has_what_a_comparison_needs(stored: db.Connection, page_type: str) -> None:
    found = built(stored, page_type)
    assert found
    assert found.keys() - {path for (path,) in stored.execute(NEEDED[page_type])} == set()


def test_every_answer_that_a_shown_price_names_has_a_page_and_no_other_does(stored: db.Connection) -> None:
    assert built(stored, "evidence").keys() == {path for path, _ in stored.execute(GATES["evidence"])}


def test_a_workload_has_a_page_where_its_text_is_published_and_nowhere_else(stored: db.Connection) -> None:
    query = "select '/' || slug || '/' from content_pages where page_type = 'workload' and is_published"
    assert built(stored, "workload").keys() == {path for (path,) in stored.execute(query)}


def test_what_a_page_says_is_what_its_record_says(built_site: BuiltSite, stored: db.Connection) -> None:
    states = dict(stored.execute("select path, gate_state from built_pages").fetchall())
    for path, state in ((path, states[path]) for path in built_site.page_types):
        page = built_site.read(path)
        assert (b'content="index,follow"' in page) == (state == "indexable"), path
