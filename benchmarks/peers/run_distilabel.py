"""The task in distilabel, run by the Python of its own environment: a pipeline of a loader and one `TextGeneration`.

As its documentation says: `OpenAILLM` for an OpenAI-compatible server; all rows of a batch are asked at once, so
`input_batch_size` is the concurrency; the pipeline's cache, by which a second run goes on, is on, as it is by default.
"""

import json
import sys
from pathlib import Path

from distilabel.models import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import TextGeneration


def main() -> None:
    """Reads the task from standard input and leaves its records in the file that it names."""
    task = json.load(sys.stdin)
    with Path(task["rows"]).open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    with Pipeline("peers", cache_dir=task["cache"]) as pipeline:
        load = LoadDataFromDicts(data=rows, batch_size=task["concurrency"])
        generate = TextGeneration(
            llm=OpenAILLM(
                model="fake",
                base_url=task["base_url"],
                api_key="none",
                timeout=task["timeout"],
                generation_kwargs={"max_new_tokens": 1024, "temperature": 0.7},
            ),
            system_prompt=task["system"],
            template=task["template"],
            columns=task["columns"],
            input_batch_size=task["concurrency"],
            add_raw_output=False,
            add_raw_input=False,
        )
        load >> generate
    distiset = pipeline.run()
    with Path(task["output"]).open("w", encoding="utf-8") as stream:
        for row in distiset["default"]["train"]:
            stream.write(json.dumps({"number": row["number"], "text": row["generation"]}) + "\n")


if __name__ == "__main__":
    main()
