"""Where a site may be put: not among the files of the project or of its database."""

from pathlib import Path

from generator.errors import OutputUnwritable
from generator.output.folder import MANIFEST, STAGING
from generator.settings import ROOT


def check_output(out: Path, data_dir: Path) -> None:
    """Raise OutputUnwritable for a folder in or above the project's or the data folder that holds other files.

    Elsewhere a site may share its folder with other files, such as those that a host requires.
    """
    folder, data = out.resolve(), data_dir.resolve()
    in_cluster = folder.is_relative_to(data / "postgres")
    near_ours = any(folder.is_relative_to(ours) or ours.is_relative_to(folder) for ours in (ROOT, data))
    if in_cluster or (near_ours and folder.is_dir() and not _is_site(folder)):
        raise OutputUnwritable(f"{out}: holds files of the project or its database; name another folder (--out)")


def _is_site(folder: Path) -> bool:
    """Whether a build wrote there, or all files are hidden, which a killed build may have left."""
    by_a_build = (folder / MANIFEST).exists() or (folder / STAGING).exists()
    return by_a_build or all(file.name.startswith(".") for file in folder.iterdir())
