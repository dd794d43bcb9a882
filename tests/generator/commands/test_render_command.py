from pathlib import Path

import pytest

from generator.commands.render import done, listed
from generator.output.write import Written
from generator.site.report import BuildReport
from tests.generator.catalogues import AS_OF


def test_of_many_problems_the_first_are_listed_and_the_others_counted():
    lines = list(listed([f"guide {n}" for n in range(40_000)]))
    assert (lines[0], len(lines), lines[-1]) == ("guide 0", 51, "... and 39,950 more problems; --json lists them all")
    assert list(listed(["guide 1"])) == ["guide 1"]


@pytest.mark.parametrize(
    ("looked_at", "rendered", "same", "changed", "said"),
    [
        (0, 0, 0, 0, "0 looked at, 0 made, 0 files changed, 0 removed"),
        (1, 1, 1, 0, "1 looked at, 1 made, with the same bytes, 0 files changed, 0 removed"),
        (1412, 25, 3, 1, "1,412 looked at, 25 made, 3 of them with the same bytes, 1 file changed, 0 removed"),
    ],
)
def test_what_was_done_is_said_in_figures(looked_at, rendered, same, changed, said):
    written = Written(changed=changed, unchanged=9, removed=0, generation="")
    report = BuildReport(AS_OF, Path("site"), {}, looked_at, rendered, same, written, is_all_recorded=False)
    assert done(report) == said
