import shutil
from importlib import metadata
from pathlib import Path

import pytest

from generator.root import ROOT
from generator.site import code_versions

NAMES = ("guide", "gpu_detail", "home", "provider_detail")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the code, the templates and the texts."""
    for folder in ("generator", "scrapers", "templates", "content"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "recorded"))
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    return tmp_path


def versions(root: Path) -> dict[str, str]:
    for kept in (code_versions._used, code_versions._module, code_versions._templates):
        kept.cache_clear()
    return {"": code_versions.of_everything(root), **code_versions.of_page_types(NAMES, root)}


def changed_by(root: Path, file: str) -> set[str]:
    """The page types whose version moves with a file, and "" for that of everything."""
    before = versions(root)
    (root / file).write_text((root / file).read_text("utf-8") + "\n", "utf-8")
    after = versions(root)
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("file", "types"),
    [
        ("templates/guide.html", {"guide"}),
        ("templates/base.html", set(NAMES)),
        ("templates/assets/site.css/1-tokens.css", set(NAMES)),
        ("generator/pages/gpu_detail.py", {"gpu_detail"}),
        ("generator/site/render.py", set(NAMES)),
        ("generator/site/checks.py", set()),
        ("generator/commands/render.py", set()),
        ("content/methodology.md", set()),
    ],
)
def test_a_change_touches_only_the_page_types_that_use_it(checkout: Path, file: str, types: set[str]) -> None:
    assert changed_by(checkout, file) == types | {""}


def test_a_part_or_a_view_touches_those_that_include_or_import_it(checkout: Path) -> None:
    assert changed_by(checkout, "generator/charts/dumbbell.py") == {"", "gpu_detail", "provider_detail"}
    assert {"provider_detail"} <= changed_by(checkout, "generator/catalogue/views/providers.py")


def test_the_version_of_a_library_counts_where_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_versions(**installed: str) -> dict[str, str]:
        known = metadata.version
        code_versions._installed.cache_clear()
        with monkeypatch.context() as patched:
            patched.setattr(metadata, "version", lambda name: installed.get(name.lower()) or known(name))
            found = dict(code_versions.of_page_types(NAMES))
        code_versions._installed.cache_clear()
        return found

    before = with_versions()
    assert with_versions(pytest="0", moto="0") == before
    assert all(with_versions(jinja2="0")[name] != before[name] for name in NAMES)


def test_what_is_used_is_found_without_importing_it(checkout: Path) -> None:
    (checkout / "generator/pages/guide.py").write_text("from generator.pages import (\n    odd,\n)\nraise SystemExit\n")
    (checkout / "generator/pages/odd.py").write_text("import orjson\n")
    before = versions(checkout)
    assert changed_by(checkout, "generator/pages/odd.py") == {"", "guide"}
    assert versions(checkout)["guide"] != before["guide"]
