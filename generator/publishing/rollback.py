"""Back to an earlier generation: its files, from what the store has kept."""

from generator.errors import BuildError
from generator.output import disk
from generator.publishing.generations import Generation, Mark, kept_path, read_list, read_mark
from generator.publishing.publish import Content
from generator.publishing.stores import Store


def published(store: Store) -> Mark:
    """What is published.  Raises BuildError where nothing is."""
    mark = read_mark(store)
    if mark is None:
        raise BuildError(f"{store.name}: nothing was published there yet")
    return mark


def earlier(store: Store, name: str) -> Content:
    """The kept generation whose token begins with `name`; with "", the one before the present one."""
    found = _named(store, published(store), name)
    files = read_list(store, found.files).files

    def read(path: str) -> bytes:
        for place in (kept_path(files[path]), path):
            record = store.get(place)
            if record and disk.hashed(record.data) == files[path]:
                return record.data
        raise BuildError(f"{store.name}: {path} of generation {found.generation[:8]} is gone; publish anew instead")

    if not files:
        raise BuildError(f"{store.name}: the list of generation {found.generation[:8]} is gone; publish anew instead")
    return Content(found.generation, found.as_of, found.pages, files, read)


def _named(store: Store, mark: Mark, name: str) -> Generation:
    found = [one for one in mark.kept if one.generation.startswith(name)]
    if not found:
        kept = ", ".join(one.generation[:8] for one in mark.kept) or "none"
        what = f"generation {name!r} is not kept" if name else "no earlier generation is kept"
        raise BuildError(f"{store.name}: {what}; kept beside the present one: {kept}")
    return found[0]
