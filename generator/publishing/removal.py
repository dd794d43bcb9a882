"""What goes when a generation is no longer kept."""

from collections.abc import Sequence

from generator.publishing.generations import LISTS, Generation, kept_path, list_path, read_list
from generator.publishing.plan import is_asset
from generator.publishing.stores import Store


def forget(store: Store, kept: Sequence[Generation]) -> None:
    """Remove the lists of all other generations, with the assets and replaced files that only these had.

    Among them are the lists of publishes that never got as far as their mark.
    """
    wanted = {list_path(one.files) for one in kept}
    forgotten = [path for path in store.names(LISTS) if path not in wanted]
    if not forgotten:
        return
    stay = [read_list(store, one.files).files for one in kept]
    paths = {path for files in stay for path in files}
    digests = {digest for files in stay for digest in files.values()}
    for name in forgotten:
        files = read_list(store, name.removeprefix(f"{LISTS}/").removesuffix(".json")).files
        gone = {kept_path(digest) for digest in files.values() if digest not in digests}
        store.delete(sorted(gone | {path for path in files if is_asset(path) and path not in paths}))
        store.delete([name])  # last: until then, the next publish does this again
