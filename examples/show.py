"""Prints the first records of a file: python examples/show.py politeness.csv 8"""

import sys

import seedbed

dataset = seedbed.read(sys.argv[1])
wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 8
records = list(dataset)
print(f"\n{len(records)} records in {sys.argv[1]}; here are {min(wanted, len(records))} of them:\n")
step = max(1, len(records) // wanted)
for record in records[::step][:wanted]:
    place = ", ".join(str(record[column]) for column in ("category", "type") if record.values.get(column))
    print(f"  {record.label:<16} {record.text}" + (f"  ({place})" if place else ""))
