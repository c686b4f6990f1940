"""The task in Bespoke Curator, run by the Python of its own environment: an `LLM` with a prompt and a parser.

As its documentation says: `backend_params` name the server, the concurrency and the limits a minute, the cache in its
working folder is on and is what a second run goes on from.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bespokelabs import curator


class Texts(curator.LLM):
    """One text for each row."""

    def prompt(self, row: dict[str, Any]) -> list[dict[str, str]]:
        """The messages for a row."""
        return [{"role": "system", "content": row["system"]}, {"role": "user", "content": row["prompt"]}]

    def parse(self, row: dict[str, Any], response: str) -> dict[str, Any]:
        """The record of an answer."""
        return {"number": row["number"], "text": response}


def main() -> None:
    """Reads the task from standard input and leaves its records in the file that it names."""
    task = json.load(sys.stdin)
    with Path(task["rows"]).open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    for row in rows:
        prompt = task["template"]
        for column in task["columns"]:
            prompt = prompt.replace("{{ " + column + " }}", str(row[column]))
        row |= {"prompt": prompt, "system": task["system"]}
    texts = Texts(
        model_name="fake",
        backend="openai",
        generation_params={"temperature": 0.7, "max_tokens": 1024},
        backend_params={
            "base_url": task["base_url"],
            "api_key": "none",
            "request_timeout": task["timeout"],
            "max_concurrent_requests": task["concurrency"],
            "max_requests_per_minute": 1_000_000,
            "max_tokens_per_minute": 1_000_000_000,
        },
    )
    made = texts(rows, working_dir=task["cache"])
    with Path(task["output"]).open("w", encoding="utf-8") as stream:
        for row in made.dataset:
            stream.write(json.dumps({"number": row["number"], "text": row["text"]}) + "\n")


if __name__ == "__main__":
    main()
