"""What is looked for in texts on behalf of a report: personal data, and who and where they speak of."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.checks.personal import personal_data
from seedbed.core.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SAMPLE = 2_000
SHOWN = 10
