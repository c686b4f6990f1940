"""Does a model, asked blind, give the text the label it was written for?"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.chat import Capabilities, Message
from seedbed.core.parsing import Unparseable, parse_reply
from seedbed.core.part import Check
from seedbed.core.record import flat_text

if TYPE_CHECKING:
    from seedbed.core.attempt import Context
    from seedbed.core.chat import Completion
    from seedbed.core.part import Task
    from seedbed.core.record import Record

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EXAMPLES_PER_LABEL = 2
TIE = 1e-9


class LabelAgreement(Check):
    """A blind classification of the finished text; disagreement is a reject.

    Where the model returns next-token probabilities one token is asked for (the label's own first word in a raw
    completion, a letter in a chat); else a short answer. `min_probability` (0–1) is what the asked label must reach
    among all labels; without it, it must be the most probable one. `model` is another model than the one that wrote,
    as `connection:model`. `column` is what is classified.
    """

    kind: ClassVar[str] = "label_agreement"
    asks: ClassVar[bool] = True
    column: str | None = None
    model: str | None = None
    min_probability: Annotated[float, Field(ge=0, le=1)] | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        labels = list(task.labels)
        if len(labels) < 2 or record.label not in task.labels:
            return PASSED
        shares = await self._shares(flat_text(record.values.get(self.column or "text")), context, task)
        if not shares:
            return Verdict(False, self.kind, "the classification could not be read")
        asked = shares.get(record.label, 0.0)
        best = max(shares, key=lambda label: shares[label])
        needed = self.min_probability if self.min_probability is not None else shares[best] - TIE
        agrees = asked >= needed
        return Verdict(agrees, "" if agrees else self.kind, "" if agrees else f"looks {best}", round(asked, 4))

    async def _shares(self, text: str, context: Context, task: Task) -> dict[str, float]:
        labels = list(task.labels)
        changes: dict[str, Any] = {"temperature": 0.0, "max_tokens": 2, "top_p": None, "stop": ()}
        capabilities = Capabilities() if self.model else context.attempt.capabilities
        if capabilities.logprobs and capabilities.prefers_raw:
            completion = await context.complete(_raw_prompt(text, task), top_logprobs=20, **changes | {"max_tokens": 1})
            return _read_words(completion, labels)
        question = (Message(role="user", content=_chat_prompt(text, task)),)
        lettered = len(labels) <= len(LETTERS)
        if capabilities.logprobs and lettered:
            completion = await context.chat(question, top_logprobs=20, **changes)
            return _read_letters(completion, labels)
        schema = _schema(labels) if self.model or capabilities.json_schema else None
        completion = await context.chat(question, schema, model=self.model, **changes | {"max_tokens": 400})
        return _read_answer(completion.text, labels)


def _schema(labels: list[str]) -> dict[str, Any]:
    answer = {"type": "string", "enum": list(LETTERS[: len(labels)]) if len(labels) <= len(LETTERS) else labels}
    return {"type": "object", "properties": {"answer": answer}, "required": ["answer"], "additionalProperties": False}


def _marks(task: Task) -> dict[str, str]:
    """How each label is named in an answer: by a letter, or by itself where there are more labels than letters."""
    return dict(zip(task.labels, LETTERS, strict=False)) if len(task.labels) <= len(LETTERS) else {}


def _options(task: Task) -> str:
    if not _marks(task):
        return "\n".join(f"- {label}{': ' + text if text else ''}" for label, text in task.labels.items())
    return "\n".join(
        f"{letter}) {label}{': ' + text if text else ''}"
        for letter, (label, text) in zip(LETTERS, task.labels.items(), strict=False)
    )


def _shown(task: Task) -> list[tuple[str, str]]:
    """A few examples of each label, alternating, so that the last one does not tip the scale."""
    by_label: dict[str, list[str]] = {label: [] for label in task.labels}
    for text, label in zip(task.examples, task.example_labels, strict=True):
        if label in by_label and len(by_label[label]) < EXAMPLES_PER_LABEL:
            by_label[label].append(text)
    shown: list[tuple[str, str]] = []
    labels = list(by_label)
    for i in range(EXAMPLES_PER_LABEL):
        turn = i % len(labels)
        shown += [(by_label[label][i], label) for label in labels[turn:] + labels[:turn] if i < len(by_label[label])]
    return shown


def _raw_prompt(text: str, task: Task) -> str:
    """A pattern to be continued; everything but the text is the same for all records, so that it is read once."""
    labels = "\n".join(f"- {label}{': ' + about if about else ''}" for label, about in task.labels.items())
    shown = "".join(f'Text: "{example}"\nLabel: {label}\n\n' for example, label in _shown(task))
    return f'Each text is {task.instruction}. Labels:\n{labels}\n\n{shown}Text: "{text}"\nLabel:'


def _chat_prompt(text: str, task: Task) -> str:
    marks = _marks(task)
    shown = "".join(f"Text: {example}\nAnswer: {marks.get(label, label)}\n\n" for example, label in _shown(task))
    return (
        f"Which of these labels fits the last text best?\n{_options(task)}\n\n{shown}Text: {text}\n\n"
        f"Answer with the {'letter' if marks else 'label'} only."
    )


def _read_words(completion: Completion, labels: list[str]) -> dict[str, float]:
    """Shares of labels by the beginning of their names; what several begin with counts for each in equal parts."""
    mass = dict.fromkeys(labels, 0.0)
    for token, logprob in completion.logprobs:
        word = token.strip().casefold()
        begun = [label for label in labels if word and label.casefold().startswith(word)]
        for label in begun:
            mass[label] += exp(logprob) / len(begun)
    total = sum(mass.values())
    return {label: value / total for label, value in mass.items()} if total else {}


def _read_letters(completion: Completion, labels: list[str]) -> dict[str, float]:
    mass = dict.fromkeys(labels, 0.0)
    for token, logprob in completion.logprobs:
        letter = token.strip().strip(")(.:\"'").upper()
        if len(letter) == 1 and letter in LETTERS[: len(labels)]:
            mass[labels[LETTERS.index(letter)]] += exp(logprob)
    total = sum(mass.values())
    if total <= 0:
        return _read_answer(completion.text, labels)
    return {label: value / total for label, value in mass.items()}


def _read_answer(reply: str, labels: list[str]) -> dict[str, float]:
    """The label an answer names, by its letter or in full."""
    try:
        answer = parse_reply(reply, ["answer"])[0]["answer"].strip()
    except Unparseable:
        return {}
    found = None
    bare = answer.strip("()*.:\"' ")
    letter = bare[:1].upper()
    if letter and letter in LETTERS[: len(labels)] and (len(bare) == 1 or bare[1] in ").:,\n*"):
        found = labels[LETTERS.index(letter)]
    named = [label for label in labels if label.casefold() in answer.casefold()]
    if found is None and named:
        found = max(named, key=len)
    return {found: 1.0} if found else {}
