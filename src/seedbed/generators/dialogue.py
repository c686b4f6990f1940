"""Conversations of many turns between two personas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import orjson
from pydantic import BeforeValidator, Field, model_validator

from seedbed.core.attempt import Failure
from seedbed.core.chat import Message
from seedbed.core.parsing import unwrapped
from seedbed.core.part import Name
from seedbed.core.prompts import render_prompt
from seedbed.core.record import Record

from .answers import item_of, unusable
from .asking import PACKAGE, Asking, seeded
from .cells import Described
from .inputs import as_names
from .schemas import TEXT, list_of, object_of
from .steer import PERSONAS, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome

ROLES: tuple[Literal["user", "assistant"], ...] = ("user", "assistant")
ASSISTANT = "helpful, to the point, honest about what it cannot do"
_NAMED = re.compile(r"\A\W{0,3}(?:user|assistant|customer|agent)\W{0,3}:\s*", re.I)

Turns = Annotated[int, Field(strict=True, ge=2, le=60)]
Personas = Annotated[tuple[Name, ...], BeforeValidator(as_names), Field(min_length=1)]


def _range(value: Any) -> Any:
    return (value, value) if isinstance(value, int) else value


class Dialogue(Asking):
    """Conversations of a user and an assistant, `turns` messages each (a number, or a range such as [4, 10]).

    `personas` says who `user` and `assistant` are (one or several to draw from), `goal` what the user wants, `tone` how
    they speak. `labels_per_turn` are labels for every message, in the column `labels`. `system_message` stands first
    in every conversation. `mode: whole` asks for a conversation in one call; `turn_by_turn` asks for every message by
    itself, of the models in `models` (user, assistant) if given.
    """

    kind: ClassVar[str] = "dialogue"
    adds: ClassVar[bool] = True
    reserved: ClassVar[frozenset[str]] = frozenset({"messages", "labels"})
    personas: dict[Literal["user", "assistant"], Personas] = {}
    turns: Annotated[tuple[Turns, Turns], BeforeValidator(_range)] = (4, 10)
    goal: Annotated[tuple[Name, ...], BeforeValidator(as_names)] = ()
    tone: Annotated[tuple[Name, ...], BeforeValidator(as_names)] = ()
    labels_per_turn: Described | None = None
    system_message: str | None = None
    mode: Literal["whole", "turn_by_turn"] = "whole"
    models: dict[Literal["user", "assistant"], Name] = {}

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.turns[0] > self.turns[1]:
            raise ValueError("turns: the range must go from fewer to more messages")
        if self.models and self.mode == "whole":
            raise ValueError("models: a model for each role needs `mode: turn_by_turn`")
        if self.items_per_call > 1 and self.mode != "whole":
            raise ValueError("items_per_call: goes with `mode: whole` only")
        if self.mode != "whole" and self.prompt is not None:
            raise ValueError("prompt: goes with `mode: whole` only; use instruction, personas, goal and tone")
        return self

    def more_models(self) -> list[str]:
        """See `Generator.more_models`."""
        return list(self.models.values())

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["messages", *(["labels"] if self.labels_per_turn else []), *self.axes]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return ("messages",)

    def gist(self, record: Record) -> str:
        """See `Generator.gist`: how it begins."""
        spoken = [turn["content"] for turn in record.values.get("messages") or () if turn["role"] != "system"]
        return " / ".join(spoken[:2])[:300]

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        turn: dict[str, Any] = {"role": {"enum": list(ROLES)}, "content": TEXT}
        if self.labels_per_turn:
            turn["label"] = {"enum": list(self.labels_per_turn)}
        return {"messages": {"type": "array", "items": object_of(turn), "minItems": 2, "maxItems": self.turns[1]}}

    def shape(self, attempt: Attempt) -> str:
        """See `Asking.shape`."""
        label = {"label": "…"} if self.labels_per_turn else {}
        turns = [{"role": role, "content": "…", **label} for role in ROLES]
        return orjson.dumps({"messages": turns}).decode()[:-2] + ", …]}"

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        rng = seeded(attempt, "dialogue")
        users = self.personas.get("user", PERSONAS)
        low, high = self.turns
        return {
            "turns": rng.choice([n for n in range(low, high + 1) if n % 2 == 0] or [low]),
            "user": rng.choice(users),
            "assistant": rng.choice(self.personas.get("assistant", (ASSISTANT,))),
            "goal": rng.choice(self.goal) if self.goal else "",
            "tone": rng.choice(self.tone) if self.tone else "",
            "labels": listed(self.labels_per_turn),
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("turns", "user", "assistant", "goal", "tone", "labels")

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        if self.mode == "whole":
            return await super().generate(context)
        return [await self._spoken(context)]

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`: the roles must alternate, and nobody may be silent."""
        found = item.get("messages")
        if not isinstance(found, list) or not all(_is_turn(turn) for turn in found):
            return Failure("unparseable", "a message has no role or no content")
        turns = [Message(role=turn["role"], content=turn["content"].strip()) for turn in found]
        wanted = self.variables(context.attempt)["turns"]
        if [turn["role"] for turn in turns] != [ROLES[i % 2] for i in range(len(turns))]:
            return Failure("unparseable", "the two do not take turns, the user first")
        if not self.turns[0] <= len(turns) <= self.turns[1]:
            return Failure("unparseable", f"the conversation has {len(turns)} messages and not {wanted}")
        return self._recorded(turns, [str(turn.get("label")) for turn in found], context)

    async def _spoken(self, context: Context) -> Outcome:
        """A conversation message by message; each is a call of its own, so none is paid twice after a crash."""
        values = self.variables(context.attempt)
        turns: list[Message] = []
        for i in range(values["turns"]):
            role = ROLES[i % 2]
            completion = await context.chat(self._view(turns, role, values, context), model=self.models.get(role))
            failure = unusable(completion)
            said = _NAMED.sub("", unwrapped(completion.text)).strip().strip('"')
            if failure or not said:
                return failure or Failure("unparseable", f"message {i + 1} is empty")
            turns.append(Message(role=role, content=said))
        labels = await self._labelled(turns, context) if self.labels_per_turn else []
        return labels if isinstance(labels, Failure) else self._recorded(turns, labels, context)

    def _view(
        self, turns: list[Message], role: str, values: Mapping[str, Any], context: Context
    ) -> tuple[Message, ...]:
        """The conversation as one of the two sees it: what the other said is the user's, in its chat."""
        left = values["turns"] - len(turns)
        told = {
            **values,
            "role": role,
            "instruction": self.instruction,
            "cell": self.cell_list(self.asked(context.attempt.cell) | self.draw(context)),
            "previous": self.feedback(context.attempt),
            "left": "This is the last message of all." if left == 1 else "",
        }
        system = Message(role="system", content=render_prompt(PACKAGE, "dialogue_turn", **told))
        begun = turns and turns[0]["role"] != role
        opening = [] if begun else [Message(role="user", content="Begin the conversation.")]
        sides = ["assistant" if turn["role"] == role else "user" for turn in turns]
        seen = [Message(role=side, content=turn["content"]) for side, turn in zip(sides, turns, strict=True)]
        return (system, *opening, *seen)

    async def _labelled(self, turns: list[Message], context: Context) -> list[str] | Failure:
        said = "\n".join(f"{i + 1}. {turn['role']}: {turn['content']}" for i, turn in enumerate(turns))
        question = (
            "Give each message of this conversation the label that fits best:\n"
            f"{listed(self.labels_per_turn)}\n\n{said}\n\n"
            f'Answer with one JSON object only: {{"labels": ["…", …]}}, {len(turns)} labels in order.'
        )
        labels = list_of({"enum": list(self.labels_per_turn or ())}, len(turns))
        schema = object_of({"labels": labels}) if context.attempt.capabilities.json_schema else None
        completion = await context.chat((Message(role="user", content=question),), schema, temperature=0.0)
        item = item_of(completion, ["labels"])
        if isinstance(item, Failure):
            return item
        found = item.get("labels")
        return [str(label) for label in found] if isinstance(found, list) else Failure("unparseable", "no labels came")

    def _recorded(self, turns: list[Message], labels: list[str], context: Context) -> Outcome:
        values: dict[str, Any] = {"messages": [*self._opening(), *turns]}
        if self.labels_per_turn:
            wrong = [label for label in labels if label not in self.labels_per_turn]
            if wrong or len(labels) != len(turns):
                return Failure("unparseable", f"`{wrong[0]}` is none of the labels" if wrong else "a label is missing")
            values["labels"] = labels
        return Record({**values, **self.asked(context.attempt.cell)})

    def _opening(self) -> list[Message]:
        return [Message(role="system", content=self.system_message)] if self.system_message else []


def _is_turn(turn: Any) -> bool:
    if not isinstance(turn, dict) or turn.get("role") not in ROLES:
        return False
    return isinstance(turn.get("content"), str) and bool(turn["content"].strip())
