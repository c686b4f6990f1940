"""The task in NeMo Data Designer, run by the Python of its own environment: a seed dataset and one text column.

As its documentation says: `max_parallel_requests` is the concurrency, `buffer_size` the records of a checkpoint, and
`resume=ResumeMode.IF_POSSIBLE` goes on with what is on disk.
"""

import json
import sys
from pathlib import Path

import data_designer.config as dd
from data_designer.config.run_config import ResumeMode, RunConfig
from data_designer.interface import DataDesigner


def main() -> None:
    """Reads the task from standard input and leaves its records in the file that it names."""
    task = json.load(sys.stdin)
    provider = dd.ModelProvider(name="local", endpoint=task["base_url"], provider_type="openai", api_key="none")
    model = dd.ModelConfig(
        alias="fake",
        model="fake",
        provider="local",
        skip_health_check=True,
        inference_parameters=dd.ChatCompletionInferenceParams(
            temperature=0.7,
            max_tokens=1024,
            max_parallel_requests=task["concurrency"],
            timeout=task["timeout"],
        ),
    )
    config = dd.DataDesignerConfigBuilder(model_configs=[model])
    config.with_seed_dataset(dd.LocalFileSeedSource(path=task["rows"]))
    config.add_column(
        dd.LLMTextColumnConfig(name="text", model_alias="fake", system_prompt=task["system"], prompt=task["template"])
    )
    designer = DataDesigner(artifact_path=task["cache"], model_providers=[provider])
    designer.set_run_config(RunConfig(buffer_size=task["buffer"], otel_metrics_port=None))
    made = designer.create(config, num_records=task["count"], dataset_name="peers", resume=ResumeMode.IF_POSSIBLE)
    with Path(task["output"]).open("w", encoding="utf-8") as stream:
        for row in made.load_dataset()[["number", "text"]].to_dict("records"):
            stream.write(json.dumps({"number": int(row["number"]), "text": row["text"]}) + "\n")


if __name__ == "__main__":
    main()
