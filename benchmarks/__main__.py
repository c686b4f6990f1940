"""`make bench`: all benchmarks, one after the other."""

from __future__ import annotations

import subprocess
import sys

for name in ("generation", "trouble", "items_per_call", "memory", "near_duplicates", "augmentation"):
    print(f"\n== {name} ==", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
