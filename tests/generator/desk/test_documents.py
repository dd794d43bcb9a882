import pytest

from generator.desk import documents
from generator.desk.drafts import Draft
from generator.desk.texts import draft_of
from generator.errors import BrokenContent
from generator.prose import reviewed
from generator.site import site_catalogue

FILES = documents.files(site_catalogue.CONTENT)
OWN = Draft(
    "gpu/h100-sxm", "gpu", "", 'What: a "H100"?', "It starts at {{ floor:h100-sxm }}.\n\n---\n\nMore.", {"a": [1]}
)


def written(folder, draft, review=None):
    path = folder / documents.place_of(draft)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(documents.document_of(draft, review), "utf-8")
    return path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_text_of_the_site_comes_back_as_it_was_exported(file, tmp_path):
    text = reviewed.read_one(file)
    review = {name: getattr(text, name) for name in ("reviewed_by", "reviewed_on", "reviewed_hash")}
    path = written(tmp_path, draft_of(text), review)
    assert reviewed.read_one(path) == text
    again = written(tmp_path / "again", documents.draft_from(path, draft_of(text).slug), review)
    assert again.read_bytes() == path.read_bytes()


def test_a_page_s_own_words_come_back_with_their_place(tmp_path):
    path = written(tmp_path, OWN)
    assert path == tmp_path / "pages" / "gpu" / "h100-sxm.md"
    assert documents.files(tmp_path) == [path]
    assert documents.draft_from(path, documents.slug_of(path, tmp_path)) == OWN


@pytest.mark.parametrize(("front", "match"), [
    ("page_type: gpu\nauthor: x", "author: unknown field"), ("title: x", "expected texts as page_type"),
    ("page_type: gpu\nstructured_data: x", "and fields as data"), ("page_type: gpu\ntitle: [x]", "expected texts"),
])  # fmt: skip
def test_what_is_wrong_in_a_file_is_a_line(front, match, tmp_path):
    file = tmp_path / "h100.md"
    file.write_text(f"---\n{front}\n---\nText.")
    with pytest.raises(BrokenContent, match=match):
        documents.draft_from(file, "gpu/h100-sxm")
