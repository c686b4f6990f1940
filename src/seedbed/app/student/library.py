"""The library's function that makes a training folder, and trains."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError
from seedbed.formats.files import check_folder
from seedbed.students.lessons import Choice
from seedbed.students.settings import BASE

from ..data.sources import source_named
from ..stages import unwatched
from ..workspace import Workspace
from .folder import CONTENTS, Plan, Student, make, splitting
from .origin import origin_of
from .training import check_libraries

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ..stages import Watch


def student(
    dataset: Dataset | Iterable[Record] | str | Path,
    folder: str | Path,
    *,
    base: str = BASE,
    split: str = "train=0.8,validation=0.1,test=0.1",
    seed: int = 0,
    instruction: str = "",
    input_column: str = "",
    output_column: str = "",
    epochs: float = 3,
    train: bool = False,
    force: bool = False,
    workspace: str | Path | None = None,
    watch: Watch = unwatched,
) -> Student:
    """A folder to train a smaller model in, on what a dataset teaches: chats in parts, settings, a script.

    Args:
        dataset: records, a file, or the name of a dataset or run.
        folder: where to write; it must not be there, unless `force` is set.
        base: the model to train, a name on the Hugging Face hub or a folder.
        split: the shares of the parts; `validation` may be missing. Labels keep their shares in each, and what is
            nearly the same or belongs together is in one part.
        seed: what random choices start from; the same seed makes the same files.
        instruction: what is said before each question, instead of the text that suits the data; `{labels}` in it
            stands for the labels.
        input_column: the column with the question, if the data do not say so by their names.
        output_column: the column with the answer; `spans` are entities.
        epochs: how often every record is learned.
        train: also train, which needs the optional part `student`.
        force: replace a folder that such a call has made, with what was trained in it.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.
        watch: hears how far reading and writing is.

    Returns:
        The folder with its figures; `train()` trains.

    Raises:
        InputError: the data cannot be read or teach nothing, the folder cannot be written, or libraries are missing.
        RunFailed: the training failed; the folder is there all the same.
    """
    check_folder(folder, CONTENTS, force=force)
    if not 0 < epochs < 1000:
        raise InputError(f"epochs {epochs:g}: it must be more than 0 and less than 1,000.", "Take a number such as 3.")
    if train:
        check_libraries()
    with Workspace(workspace) as place:
        name, source = source_named(dataset, place)
        plan = Plan(
            Path(folder),
            _found(base),
            splitting(split, seed),
            Choice(instruction, input_column, output_column),
            epochs,
            origin_of(place, dataset, name),
            force,
        )
        made = make(plan, source, watch)
    if train:
        made.train()
    return made


def _found(base: str) -> str:
    """The model's name; a folder's as it is called from everywhere."""
    path = Path(base).expanduser()
    if path.is_dir():
        return str(path.resolve())
    if base.startswith((".", "/", "~")) or not base.strip():
        raise InputError(f"There is no model in the folder {base}.", f"A model of the hub is named as in {BASE}.")
    return base
