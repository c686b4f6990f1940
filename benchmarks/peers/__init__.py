"""Seedbed beside its peers: the same work, the same fake server, each peer in an environment of its own.

    python -m benchmarks.peers [--only distilabel,curator] [--scenarios speed,faults] [--quick]
    python -m benchmarks.peers --report

What is measured is added to `results.json` beside this file; `--report` (and every measurement, at its end) writes
`docs/comparison.md` and its pictures from there. A peer is run by a small script `run_NAME.py` with the Python of its
own environment, which is made when it is first needed; `NAME.txt` pins what is in it.
"""
