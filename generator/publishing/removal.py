"""What goes when a generation is no longer kept."""

from collections.abc import Collection, Iterable

from generator.publishing.generations import LISTS, Generation, kept_path, list_path, read_list
from generator.publishing.plan import is_asset
from generator.publishing.stores import Store


def forget(store: Store, kept: Iterable[Generation], seen: Collection[str]) -> None:
    """Remove the lists of all other generations, with the assets and replaced files that only these had.

    Among them are the lists of publishes that were killed before their mark.  Those of `seen`, whose pages there were
    until now, stay until the next publish: a reader may have such a page, and not its style sheet yet.
    """
    wanted = {*(one.files for one in kept), *seen}
    lists = {path.removeprefix(f"{LISTS}/").removesuffix(".json") for path in store.names(LISTS)}
    if lists <= wanted:
        return
    stay = [read_list(store, name).files for name in lists & wanted]
    paths = {path for files in stay for path in files}
    digests = {digest for files in stay for digest in files.values()}
    for name in lists - wanted:
        files = read_list(store, name).files
        gone = {kept_path(digest) for digest in files.values() if digest not in digests}
        store.delete(sorted(gone | {path for path in files if is_asset(path) and path not in paths}))
        store.delete([list_path(name)])  # last: until then, the next publish does this again
