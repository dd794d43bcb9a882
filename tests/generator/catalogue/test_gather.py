import pytest

from generator.catalogue.gather import Snapshot, gather
from generator.catalogue.views.offers import gpu_sections
from generator.database import db
from tests.sql.samples import add_gpu, add_instance, add_provider, after

pytestmark = pytest.mark.postgres


def settled(connection, hours=1):
    """The catalogue of what is settled now."""
    connection.execute("select settle_slices(%s)", [after(hours)])
    connection.commit()
    return gather(Snapshot(connection), after(hours), [], "")


def test_what_is_gathered_leaves_out_retired_gpus_and_providers(connection):
    kept, retired = add_gpu(connection), add_gpu(connection, "k80")
    nimbus, gone = add_provider(connection), add_provider(connection, "gone", is_active=False)
    for provider_id, gpu_id in ((nimbus, kept), (nimbus, retired), (gone, kept)):
        add_instance(connection, provider_id, gpu_id, instance_type=str(gpu_id))
    connection.execute("update gpu_models set is_active = false where slug = 'k80'")
    known = settled(connection)
    assert (list(known.listed_gpus), list(known.listed_providers)) == (["h100-sxm"], ["nimbus"])
    assert [len(known.offers_by_gpu.get(slug, [])) for slug in ("h100-sxm", "k80")] == [1, 0]
    assert [row.provider_slug for row in known.floors_by_gpu["h100-sxm"]] == ["nimbus"]
    assert gpu_sections(known, "h100-sxm")[0].lines[0].provider.text == "nimbus"


def test_a_catalogue_reads_nothing_that_came_after_its_snapshot(connection, database_url):
    add_instance(connection, add_provider(connection), add_gpu(connection))
    known = settled(connection)
    with db.connect(database_url) as other:
        other.execute("update instances set is_active = false")
        other.commit()
    assert len(known.offers_by_gpu["h100-sxm"]) == 1


def test_another_connection_reads_the_same_snapshot(connection, database_url):
    add_gpu(connection)
    connection.commit()
    snapshot = Snapshot(connection)
    with db.connect(database_url) as other:
        other.execute("delete from gpu_models")
        other.commit()
    snapshot.reopen()
    with snapshot.connection as reopened:
        assert reopened is not connection
        assert reopened.execute("select count(*) from gpu_models").fetchone() == (1,)
