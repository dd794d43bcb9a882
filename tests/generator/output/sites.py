"""A site before and after a build, and how a test writes and reads one."""

from pathlib import Path

from generator.output.write import Output, Written

Files = dict[str, bytes]
OLD: Files = {
    "index.html": b"old home",
    "gpu/a/index.html": b"old a",
    "gpu/b/index.html": b"b",
    "gone/index.html": b"x",
    "file": b"a",
}
NEW: Files = {
    "index.html": b"new home",
    "gpu/a/index.html": b"new a",
    "gpu/b/index.html": b"b",
    "new/index.html": b"n",
    "file/index.html": b"a",
}


def write(folder: Path, files: Files) -> Written:
    with Output(folder) as output:
        for path, data in files.items():
            output.add(path, data)
        return output.commit()


def site(folder: Path) -> Files:
    found = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {path: data for path, data in found.items() if not path.startswith(".")}


def times(folder: Path) -> dict[str, int]:
    return {str(file): file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}
