from tools import make_icons


def test_the_icons_are_made_from_the_logo():
    for name, data in make_icons.icons().items():
        assert (make_icons.ASSETS / name).read_bytes() == data, f"run tools/make_icons.py: {name} is not of favicon.svg"
