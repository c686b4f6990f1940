"""One record per call against several: tokens for each accepted record, and how many are duplicates.

    python -m benchmarks.items_per_call [--records 600]

On the fake server, whose texts repeat at a set rate whatever is asked; so the tokens are those of real prompts, and the
duplicates show what repeats cost each way, not how a model's variety changes with the length of its answers.
"""

from __future__ import annotations

import argparse
import tempfile

import seedbed

from .generation import fake_server, recipe

REPEATS = 0.2
SIZES = (1, 3, 5, 10)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=600)
    records = parser.parse_args().records
    print(f"{records:,} records, {REPEATS:.0%} of the texts repeated")
    print(f"{'items per call':>14} {'calls':>7} {'input/record':>13} {'output/record':>14} {'duplicates':>11}")
    for size in SIZES:
        with fake_server("--repeat-rate", str(REPEATS)) as url, tempfile.TemporaryDirectory() as folder:
            document = recipe(url, f"items-{size}", records, 16)
            document["generator"]["items_per_call"] = size
            figures = seedbed.generate(document, workspace=folder).figures
        tokens, found = figures["tokens"], figures["duplicates"]
        doubled = (found["exact"] + found["near"] + found["cross_label"]) / figures["attempts"]
        print(
            f"{size:>14} {figures['calls']:>7,} {tokens['input'] / records:>13.1f} {tokens['output'] / records:>14.1f} "
            f"{doubled:>11.1%}"
        )


if __name__ == "__main__":
    main()
