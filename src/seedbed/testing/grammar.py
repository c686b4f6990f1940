"""What the fake server says: texts of a script or a grammar, repeats, and values that follow a JSON Schema."""

from __future__ import annotations

import re
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Grammar = dict[str, list[str]]
"""Rule → its expansions; `{RULE}` in an expansion stands for one of that rule's own. Texts start at rule `S`."""

Rule = list["str | tuple[str | Rule, ...]"]
"""A compiled rule: its expansions, each a fixed text or its pieces in order, some of them rules."""

REMEMBERED = 100_000
"""How many new texts can be repeated later; the oldest are forgotten first."""


class Answers:
    """An endless source of texts: a script if there is one, else a grammar, else ordinary English sentences.

    Args:
        script: the texts in the order they are given, over and over; or the path of a file with them (one a line, or a
            JSON list).
        grammar: rules as described at `Grammar`, or the path of a JSON file with them.
        seed: decides the texts and which of them are repeated.
    """

    def __init__(
        self, script: Sequence[str] | str | None = None, grammar: Grammar | str | None = None, seed: int = 0
    ) -> None:
        self.random = Random(f"{seed} answers")
        texts = _read_script(script) if isinstance(script, str) else script
        self._new = cycle(texts).__next__ if texts else self._grown(grammar)
        self._given: list[str] = []
        self._oldest = 0

    def text(self, repeat_rate: float = 0.0) -> str:
        """The next text: with probability `repeat_rate` a copy of one given before as new, else a new one."""
        given = self._given
        if repeat_rate and given and self.random.random() < repeat_rate:
            return given[int(self.random.random() * len(given))]
        text = self._new()
        if len(given) < REMEMBERED:
            given.append(text)
        else:
            given[self._oldest] = text
            self._oldest = (self._oldest + 1) % REMEMBERED
        return text

    def follow(self, schema: Mapping[str, Any], text: Callable[[], str] | None = None) -> Any:
        """A value that satisfies `schema`, its free strings being texts of this source, or what `text` gives."""
        return SchemaFiller(schema, text or self.text, self.random).fill(schema)

    def forget(self) -> None:
        """Nothing given so far will be repeated."""
        self._given.clear()
        self._oldest = 0

    def _grown(self, grammar: Grammar | str | None) -> Callable[[], str]:
        if grammar is None:
            return lambda: sentence(self.random.random)
        start = compile_grammar(_read_grammar(grammar) if isinstance(grammar, str) else grammar)
        return lambda: expand(start, self.random.random)


def _read_script(path: str) -> list[str]:
    content = _content(path)
    if not content.lstrip().startswith("["):
        return [line for line in content.splitlines() if line.strip()]
    return [str(text) for text in _parsed(content, path)]


def _read_grammar(path: str) -> Grammar:
    rules = _parsed(_content(path), path)
    if not isinstance(rules, dict) or not all(isinstance(options, list) for options in rules.values()):
        raise InputError(
            f"The grammar {path} is not an object of rules with lists of expansions.",
            'Write it as {"S": ["Hello, {NAME}."], "NAME": ["Ann"]}.',
        )
    return rules


def _content(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read: {error}.", "Check the path, and that it is a text in UTF-8."
        ) from error


def _parsed(content: str, path: str) -> Any:
    try:
        return orjson.loads(content)
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON: {error}.", "Mend the file at that place.") from error


class SchemaFiller:
    """Makes values for a JSON Schema (not for `pattern`, `format`, `multipleOf`, `uniqueItems`, `not`).

    Args:
        root: the whole schema, where `$ref` points into.
        text: gives the free strings.
        random: chooses among enumerations, numbers and alternatives.
    """

    DEEP = 8
    """Levels after which optional items are left out, so that recursive schemas end."""

    def __init__(self, root: Mapping[str, Any], text: Callable[[], str], random: Random) -> None:
        self._root = root
        self._text = text
        self._random = random
        self._makers: dict[str, Callable[[Mapping[str, Any], int], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": lambda schema, _: self._random.randint(*_bounds(schema)),
            "number": lambda schema, _: self._number(schema),
            "boolean": lambda _, __: self._random.random() < 0.5,
            "null": lambda _, __: None,
        }

    def fill(self, schema: Mapping[str, Any], depth: int = 0) -> Any:
        """A value that satisfies `schema`; every property it names is there."""
        if "$ref" in schema:
            return self.fill(self._resolve(schema["$ref"]), depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self.fill(self._option(options, depth), depth + 1)
        if "allOf" in schema:
            return self.fill({key: value for part in schema["allOf"] for key, value in part.items()}, depth + 1)
        return self._makers[_kind(schema)](schema, depth)

    def _resolve(self, reference: str) -> Mapping[str, Any]:
        found: Any = self._root
        for name in reference.removeprefix("#").strip("/").split("/"):
            found = found[name] if name else found
        return dict(found)

    def _option(self, options: Sequence[Mapping[str, Any]], depth: int) -> Mapping[str, Any]:
        plain = [option for option in options if (option.get("type") == "null") is (depth > self.DEEP)]
        return self._random.choice(plain or options)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        return {name: self.fill(part, depth + 1) for name, part in schema.get("properties", {}).items()}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        wanted = min(schema.get("minItems", 0) or int(depth <= self.DEEP), schema.get("maxItems", 1_000_000))
        return [self.fill(schema.get("items", {}), depth + 1) for _ in range(wanted)]

    def _string(self, schema: Mapping[str, Any], _: int) -> str:
        text = self._text()
        while len(text) < schema.get("minLength", 0):
            text += " " + self._text()
        return text[: schema.get("maxLength")]

    def _number(self, schema: Mapping[str, Any]) -> float:
        low = schema.get("minimum", schema.get("exclusiveMinimum"))
        high = schema.get("maximum", schema.get("exclusiveMaximum"))
        low = (0.0 if high is None else min(0.0, high - 1)) if low is None else low
        high = max(low + 1, 1.0) if high is None else high
        return float(low + (high - low) * self._random.uniform(0.1, 0.9))


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return str(next((each for each in kind if each != "null"), "null") if isinstance(kind, list) else kind)


def _bounds(schema: Mapping[str, Any]) -> tuple[int, int]:
    low = schema.get("minimum", schema["exclusiveMinimum"] + 1 if "exclusiveMinimum" in schema else None)
    high = schema.get("maximum", schema["exclusiveMaximum"] - 1 if "exclusiveMaximum" in schema else None)
    low = (0 if high is None else min(0, high - 100)) if low is None else low
    return int(low), int(max(low + 100, 100) if high is None else high)


def compile_grammar(rules: Mapping[str, Sequence[str]]) -> Rule:
    """Rule `S` with all it leads to, ready for `expand`.

    Raises:
        InputError: there is no rule `S`, or an expansion names a rule that does not exist or has no expansions.
    """
    if not rules.get("S"):
        raise InputError(
            "The grammar has no expansions for rule `S`, where texts start.", 'Add one: {"S": ["Hello."]}.'
        )
    ready: dict[str, Rule] = {name: [] for name, options in rules.items() if options}
    for name, compiled in ready.items():
        compiled.extend(_compiled(option, ready) for option in rules[name])
    return ready["S"]


def _compiled(option: str, ready: Mapping[str, Rule]) -> str | tuple[str | Rule, ...]:
    parts = re.split(r"\{(\w+)\}", option)
    unknown = next((name for name in parts[1::2] if name not in ready), None)
    if unknown is not None:
        raise InputError(f"The grammar has no rule `{unknown}`, which `{option}` uses.", nearest(unknown, ready))
    if len(parts) == 1:
        return option
    return tuple([ready[part] if number % 2 else part for number, part in enumerate(parts) if part])


def expand(rule: Rule, random: Callable[[], float]) -> str:
    """One text of a compiled rule; `random` gives numbers from 0 to 1."""
    pieces: list[str] = []
    _grow((rule,), random, pieces.append)
    return "".join(pieces)


def _grow(parts: Sequence[str | Rule], random: Callable[[], float], add: Callable[[str], None]) -> None:
    for part in parts:
        chosen = part[int(random() * len(part))] if isinstance(part, list) else part
        if isinstance(chosen, str):
            add(chosen)
        else:
            _grow(chosen, random, add)


def sentence(random: Callable[[], float]) -> str:
    """An ordinary English sentence of 12 to 40 words; alike ones are not to be expected among 100,000s."""
    while True:
        text = expand(_ENGLISH, random)
        if 11 <= text.count(" ") <= 39:
            first = 1 if text[0] == "“" else 0
            return text[:first] + text[first].upper() + text[first + 1 :]


def _english() -> Rule:
    rules = {}
    for rule in re.split(r"\n(?=[A-Z]+: )", _RULES):
        name, options = rule.replace("\n", "").split(": ", 1)
        rules[name] = options.split("|")
    for noun in ("THING", "ADJ", "ROLE"):
        rules[f"A_{noun}"] = [f"{_article(word)} {word}" for word in rules[noun]]
    rules["THINGS"] = [_plural(noun) for noun in rules["THING"]]
    rules["DID"] = [_ending(verb, "ed") for verb in rules["DO"]]
    rules["DOING"] = [_ending(verb, "ing") for verb in rules["DO"]]
    return compile_grammar(rules)


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" and not word.startswith("uni") else "a"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _ending(verb: str, ending: str) -> str:
    if ending == "ed" and verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb.removesuffix("e") + ending


_RULES = """\
S: {WHEN}, {CLAUSE}, {LINK} {CLAUSE}.|{CLAUSE} {WHEN}, {LINK} {CLAUSE}.|{SINCE} {CLAUSE}, {CLAUSE} {WHEN}.|
{CLAUSE} {SINCE} {CLAUSE} {WHEN}.|{WHO}, who {ONCE} {DID} {WHAT} {WHERE}, {DID} {WHAT} {WHEN}.|
after {DOING} {WHAT} {WHERE}, {WHO} {DID} {WHAT} and {DID} {WHAT}.|{CLAUSE}; {WHEN}, {WHO} {DID} {WHAT} as well.|
“{CLAUSE},” {SAID} {WHO}, {DOING} {WHAT} {WHERE}.|{WHO} {SAID} that {CLAUSE} {WHEN}, {LINK} {CLAUSE}.|
why did {WHO} {DO} {WHAT} {WHERE} {WHEN} when {CLAUSE}?|it took {WHO} {COUNT} {UNIT} to {DO} {WHAT}, {LINK} {CLAUSE}.|
instead of {DOING} {WHAT} {WHERE}, {WHO} {PLANNED} to {DO} {WHAT} {WHEN}.|
without {DOING} {WHAT}, {WHO} could hardly {DO} {WHAT} {WHERE}, {LINK} {CLAUSE}.
CLAUSE: {WHO} {DID} {WHAT} {WHERE}|{WHO} {HOW} {DID} {WHAT}|{WHO} {PLANNED} to {DO} {WHAT} {WHERE}|
{WHO} kept {DOING} {WHAT} {WHERE}|{WHO} had never {DID} {WHAT} from {PLACE}|{WHAT} {WHERE} {SEEMED} {STATE}|
{WHO} {WENT} {PLACE} with {WHAT}|there was {A_ADJ} {THING} {WHERE} for {WHO}|{WHO} and {WHO} {DID} {WHAT}|
{WHO} {ASKED} {WHO} to {DO} {WHAT}|nobody {WHERE} would {DO} {WHAT} for {WHO}|{WHAT} had to be {DID} by {WHO}
WHO: {NAME}|{NAME}|the {ROLE}|{NAME}'s {KIN}|{A_ROLE} from {PLACE}|the {AGE} {ROLE}|my {KIN}
WHAT: the {ADJ} {THING}|{A_ADJ} {THING}|{NAME}'s {ADJ} {THING}|{COUNT} {ADJ} {THINGS}|the {THING} and the {THING}|
{A_THING} from {PLACE}|the {ADJ} {THING} of {NAME}'s {KIN}|a pair of {ADJ} {THINGS}
WHERE: {AT} {PLACE}|{AT} {PLACE}|{AT} {NAME}'s {ROOM}
WHEN: on {DAY} {PART}|in the {STAGE} of {MONTH}|{COUNT} {UNIT} later|during the {EVENT}|shortly before the {EVENT}|
at {HOUR} o'clock|one {WEATHER} {PART}
PLACE: the {SPOT}
NAME: Abena|Adam|Aisha|Akira|Amara|Anders|Anita|Anton|Arjun|Astrid|Beatriz|Bilal|Bruno|Camille|Carlos|Chidi|Clara|
Dalia|Daniel|Deepa|Diego|Dmitri|Edith|Elena|Elif|Emeka|Erik|Esther|Fatima|Felix|Fiona|Freya|Gabriel|Greta|Hamid|Hana|
Harold|Hiroshi|Hugo|Ibrahim|Ines|Ivan|Jamal|Julia|Karim|Katya|Kenji|Kofi|Lars|Layla|Leila|Lucia|Malik|Marta|Mateo|Mei|
Mina|Nadia|Naomi|Nikhil|Nina|Olga|Omar|Oscar|Paolo|Petra|Priya|Rafael|Ravi|Rosa|Ruben|Selma|Sofia|Stefan|Tamar|Tariq|
Teresa|Thabo|Tomas|Uma|Vera|Viktor|Wanda|Wei|Yara|Yusuf|Zainab|Zoran
ADJ: antique|battered|beautiful|blue|broken|brown|cheap|clean|clumsy|colourful|costly|cracked|crooked|dented|dirty|
dusty|elegant|empty|enormous|expensive|faded|familiar|fine|flat|fragile|golden|gorgeous|green|handmade|heavy|hideous|
imported|ivory|large|leaky|light|little|lovely|massive|mended|mysterious|narrow|neat|new|noisy|odd|old|ordinary|oval|
painted|pale|peculiar|plain|precious|pretty|purple|rare|red|round|rusty|scratched|shabby|shiny|silver|simple|slender|
splendid|square|stained|sturdy|tall|tattered|thick|tiny|ugly|unfinished|unusual|valuable|vintage|white|wide|wobbly|
wonderful|wooden|worn|yellow
THING: accordion|armchair|atlas|backpack|banjo|barrel|basket|bell|bench|bicycle|birdcage|blanket|bottle|bowl|bracelet|
broom|bucket|cabinet|calendar|camera|candle|canoe|carpet|cart|chair|clock|coat|coin|compass|costume|crate|cupboard|
curtain|cushion|desk|dictionary|doll|dress|drum|easel|envelope|fan|flag|flute|globe|guitar|hammer|hammock|harp|hat|
helmet|jacket|jug|kettle|keyboard|kite|ladder|lamp|lantern|letter|locket|loom|map|mattress|medal|microscope|mirror|
motorbike|necklace|newspaper|notebook|overcoat|painting|parcel|passport|photograph|piano|pillow|plate|poster|printer|
projector|puppet|puzzle|quilt|raincoat|ribbon|rope|rug|saddle|saucepan|scooter|sculpture|shawl|shovel|sled|spoon|
statue|stool|stove|suitcase|sweater|tapestry|teapot|telescope|tent|toolbox|tractor|tray|trophy|trumpet|typewriter|
umbrella|uniform|vase|violin|wallet|wardrobe|whistle|wreath
DO: abandon|accept|adjust|admire|appreciate|assemble|auction|bless|borrow|brush|carry|check|clean|collect|compare|copy|
cover|damage|decorate|deliver|describe|deserve|destroy|discover|display|donate|dust|empty|examine|exchange|fetch|fix|
gather|guard|ignore|improve|inherit|inspect|insure|lift|measure|mend|mention|misplace|move|need|neglect|notice|
offer|order|overlook|pack|paint|photograph|polish|praise|prepare|present|preserve|protect|purchase|push|raise|receive|
recommend|remove|rent|repair|replace|request|rescue|restore|retrieve|return|reveal|ruin|sample|save|scratch|select|
share|sketch|smash|soak|stack|store|study|surrender|test|toss|touch|trade|transport|treasure|unload|unpack|value|
varnish|wash|weigh|wipe
ROLE: accountant|actor|architect|archivist|athlete|baker|banker|barber|beekeeper|biologist|blacksmith|bookseller|
butcher|caretaker|carpenter|cashier|chemist|clerk|coach|composer|conductor|cook|courier|dancer|dentist|detective|diver|
doctor|electrician|engineer|explorer|farmer|firefighter|florist|gardener|geologist|goldsmith|hairdresser|historian|
innkeeper|inspector|janitor|jeweller|journalist|judge|juggler|landlord|lawyer|librarian|lifeguard|locksmith|magician|
mayor|mechanic|midwife|miller|musician|nurse|painter|pharmacist|pilot|plumber|poet|porter|postman|potter|professor|
reporter|sailor|sculptor|shepherd|singer|soldier|student|surgeon|tailor|teacher|waiter|watchmaker|weaver
SPOT: airport|aquarium|bakery|bandstand|barn|boathouse|bus depot|cabin|campsite|canal|canteen|castle|cathedral|
cemetery|chapel|cinema|city hall|clinic|concert hall|courthouse|dairy|dockyard|embassy|factory|farmhouse|
ferry terminal|fire station|fish market|flea market|fountain|garage|greenhouse|gymnasium|harbour|hospital|hotel|
ice rink|kindergarten|lake|laundry|library|lighthouse|marina|mill|monastery|museum|observatory|old bridge|orchard|park|
pet shop|petrol station|pharmacy|playground|post office|pub|quarry|reservoir|river|school|shipyard|stadium|
swimming pool|tea house|theatre|toll gate|town hall|train station|tram stop|university|vineyard|warehouse|waterfall|
windmill|zoo
KIN: aunt|brother|cousin|daughter|father|friend|grandfather|grandmother|husband|mother|nephew|niece|partner|sister|son|
uncle|wife|landlady|colleague|neighbour|old teacher|boss|best friend|godmother
AGE: young|old|tired|cheerful|nervous|patient|retired|new|stubborn|friendly|careful|impatient|local|shy|proud|polite|
grumpy|curious|clever|lazy|honest|forgetful|famous|lonely
ROOM: house|kitchen|garden|office|flat|garage|shop|studio|balcony|cellar|farm|tent|attic|boat
AT: at|near|behind|outside|beside|opposite|in front of|close to|not far from|just past|next to
DAY: Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday
PART: morning|afternoon|evening|night
STAGE: first week|last week|middle|early days|final days
MONTH: January|February|March|April|May|June|July|August|September|October|November|December
WEATHER: rainy|cold|sunny|foggy|windy|warm|quiet|busy|stormy|grey|freezing|memorable|dull|humid
COUNT: two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty
HOUR: two|three|four|five|six|seven|eight|nine|ten|eleven
UNIT: hours|days|weeks|months|years|evenings|afternoons|summers|minutes|winters
EVENT: storm|festival|power cut|wedding|heatwave|strike|school holidays|football match|flood|election|harvest|parade|
rehearsal|auction|snowfall|inspection|funeral|concert|trial|exhibition|boat race|rush hour|lunch break|birthday party|
book fair|town meeting|carnival|regatta|opening night
LINK: and|but|so|because|although|while|even though|which meant that|since|whereas|as|yet|just when
SINCE: although|because|while|after|before|when|as soon as|even though|whenever|once|now that
HOW: carefully|slowly|quietly|gladly|secretly|proudly|reluctantly|hurriedly|nervously|cheerfully|finally|suddenly|
almost|nearly|eventually|accidentally|patiently|politely|rarely|often|once|soon
ONCE: once|never|often|always|rarely|sometimes|usually|gladly|secretly|had only|still
SAID: said|claimed|explained|whispered|shouted|insisted|remarked|admitted|complained|announced|replied|joked|recalled|
suggested|added|repeated|muttered|promised
PLANNED: planned|hoped|wanted|refused|promised|tried|agreed|decided|forgot|offered|managed|failed|threatened|began|
hesitated|learned|expected|longed
ASKED: asked|told|helped|begged|persuaded|invited|reminded|allowed|encouraged|ordered|urged|paid
WENT: walked to|cycled to|hurried to|drove to|returned to|ran past|waited behind|wandered around|arrived at|
sat down near|left|slept in|moved to|looked around|got lost near|met us at|queued outside
SEEMED: looked|seemed|was|turned out to be|felt|remained|appeared|proved|became|was never
STATE: heavier than expected|far too fragile|rather ridiculous|ready for winter|impossible to repair|good as new|
out of place|quite charming|a little too small|almost useless|surprisingly cheap|worth a fortune|hard to find|
easy to clean|completely ruined|safe at last|much smaller than before|strangely familiar|a real bargain|full of holes|
covered in dust|older than the house|too big for the door|a bad idea
"""

_ENGLISH = _english()
