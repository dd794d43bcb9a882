import pytest

from generator import labels


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("enum", "words"),
    [("provider_type", labels.PROVIDER_TYPES), ("availability_status", labels.AVAILABILITY)],
)
def test_every_code_of_the_database_has_its_words(connection, enum, words):
    (codes,) = connection.execute(f"select enum_range(null::{enum})::text[]").fetchone()
    assert set(codes) == words.keys()


@pytest.mark.postgres
def test_every_source_class_has_its_words(connection):
    classes = connection.execute("select source_class from source_classes").fetchall()
    assert {name for (name,) in classes} == labels.SOURCE_CLASSES.keys()
