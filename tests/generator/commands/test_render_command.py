from generator.commands.render import listed


def test_of_many_problems_the_first_are_listed_and_the_others_counted():
    lines = list(listed([f"guide {n}" for n in range(40_000)]))
    assert (lines[0], len(lines), lines[-1]) == ("guide 0", 51, "... and 39,950 more problems; --json lists them all")
    assert list(listed(["guide 1"])) == ["guide 1"]
