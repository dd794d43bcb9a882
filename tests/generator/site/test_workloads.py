"""Pages about workloads in a site: there while their text is published, and no other; listed as SQL of its own says."""

from datetime import date

import pytest

from generator.prose import reviewed
from generator.site import content as pages
from tests.generator.site.made_up_market import _WORKLOAD
from tests.sql import samples

pytestmark = pytest.mark.postgres

# The GPUs of enough memory that somebody rents out on demand at a complete price, from the stored rows alone.
FITTING = """
select '/' || page.slug || '/', count(distinct offer.gpu_model_id) >= 3
from content_pages as page
cross join gpu_models as gpu
left join instances as offer on offer.gpu_model_id = gpu.id and offer.is_active and offer.gpu_share = 1
    and offer.price_per_hour is not null and offer.price_basis = 'complete' and offer.gpu_count in (1, 2, 4, 8)
    and gpu.vram_gb >= (page.front_matter #>> '{needs,figures,memory_gb,value}')::numeric
where page.page_type = 'workload' and page.is_published
group by page.slug
"""


def write(content, slug="talk", memory_gb=40, *, is_approved=True):
    """A text about a workload."""
    file = content / "workloads" / f"{slug}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        _WORKLOAD.format(slug=slug, day=date(2026, 2, 1), memory_gb=memory_gb).replace("floor:h100-sxm", "count:gpus")
    )
    if is_approved:
        reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
    return file


def is_built(tmp_path, slug="talk"):
    return (tmp_path / "site" / "best-gpu-for" / slug / "index.html").exists()


def test_a_page_is_there_while_its_text_is_published(made, prices, content, tmp_path):
    write(content, is_approved=False)
    made()
    assert not is_built(tmp_path)
    write(content)
    made()
    assert is_built(tmp_path)
    assert b"/prices/best-gpu-for/talk/" in (tmp_path / "site" / "gpu" / "h100-sxm" / "index.html").read_bytes()
    pages.unpublish(prices, "best-gpu-for/talk", actor="jo", at=samples.START, comment="Old.")
    made(allow_removals=True)
    assert not is_built(tmp_path)


def test_another_figure_makes_the_page_again(made, content, tmp_path):
    write(content)
    made()
    write(content, memory_gb=900)
    made()
    assert "900.0 GB" in (tmp_path / "site" / "best-gpu-for" / "talk" / "index.html").read_text("utf-8")


def test_the_pages_that_are_listed_are_those_whose_rows_pass_the_gate(shop, connection, tmp_path):
    for slug, memory_gb in (("most", 20), ("some", 5000), ("all", 1)):
        write(tmp_path, slug, memory_gb)
    shop(0)
    query = "select path, gate_state = 'indexable' from built_pages where page_type = 'workload'"
    expected = dict(connection.execute(FITTING).fetchall())
    assert expected == {"/best-gpu-for/most/": True, "/best-gpu-for/some/": False, "/best-gpu-for/all/": True}
    found = dict(connection.execute(query).fetchall())
    assert found == expected | {"/best-gpu-for/most/": False}  # three of the four GPUs of the one before it
    assert samples.one(connection, "select gate_reasons from built_pages where path = '/best-gpu-for/most/'") == [
        "near_copy"
    ]
