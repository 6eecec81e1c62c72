"""The parts of the documentation that are made from tables of the generator.

`tests/test_docs.py` fails where a page is out of date, and `pytest tests/test_docs.py --update-golden` writes it.
An example of an anomaly or of a kind of change is the case below `tests/cases` that shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from modelgen.diff.rules import RULES, Rule
from modelgen.errors.codes import CODES, ErrorCode
from modelgen.normalizer.anomalies import KINDS, AnomalyKind
from modelgen.project.checks import schema as config_schema

DOCS = Path(__file__).parent
CASES = DOCS.parent / "tests" / "cases"
DIFFS = CASES / "diff"
RULE_MARKS = ("<!-- rules: made from the rule records by build.py -->", "<!-- end of rules -->")
KEYS = ("<!-- keys: made from config.schema.json by build.py -->", "<!-- end of keys -->")

EFFECTS = {
    "none": "None. The repair does not change which payloads are valid.",
    "narrows": (
        "Fewer payloads are valid than by the letter of the document. Strict decoding follows the repaired "
        "meaning, and so refuses some that a JSON Schema validator accepts."
    ),
    "widens": (
        "More payloads are valid than by the letter of the document. Strict decoding follows the repaired "
        "meaning, and so accepts some that a JSON Schema validator refuses."
    ),
    "unchecked": (
        "Strict decoding does not check this keyword, and so may accept payloads that the author of the "
        "document meant to refuse."
    ),
}


def pages() -> dict[str, str]:
    """Path below `docs/` -> text, of every page that is made or has a part that is made."""
    made = {f"anomalies/{kind.code}.md": anomaly_page(kind) for kind in KINDS.values()}
    made["anomalies.md"] = anomaly_index()
    made["errors.md"] = error_codes()
    made |= {f"diff/{rule.id}.md": rule_page(rule) for rule in RULES.values()}
    return {**made, "configuration.md": configuration(), "diff.md": diff_rules()}


# --- errors ---------------------------------------------------------------------------------------


def error_codes() -> str:
    """The page that lists all codes, by what the error is about."""
    parts = [
        "# Errors",
        "An error is printed as `path:line:column: error[code]: sentence`, with the JSON pointer, an excerpt of the source\n"
        "and a hint. Codes stay the same from version to version; sentences may change.",
    ]
    for subject, rows in groupby(CODES.values(), lambda row: row.subject):
        table = ["| code | what it means | what to do |", "|---|---|---|", *map(_error_row, rows)]
        parts += [f"## {subject}", "\n".join(table)]
    return "\n\n".join(parts) + "\n"


def _error_row(row: ErrorCode) -> str:
    """A row of the table; the code links to what is printed in a case that has it, where there is one."""
    cases = (
        path for path in sorted(CASES.glob("*/*/error.txt")) if f"error[{row.code}]" in _text(path)
    )
    example = next(cases, None)
    code = f"`{row.code}`"
    if example is not None:
        code = f"[{code}](../{example.relative_to(DOCS.parent).as_posix()})"
    return f"| {code} | {_cell(row.meaning)} | {_cell(row.remedy)} |"


# --- diff -----------------------------------------------------------------------------------------


def diff_rules() -> str:
    """The page as it is, with the table of rules brought up to date."""
    text = (DOCS / "diff.md").read_text("utf-8")
    before, _, rest = text.partition(RULE_MARKS[0])
    _, _, after = rest.partition(RULE_MARKS[1])
    head = ["| change | what it means | sent | received | Python |", "|" + " --- |" * 5]
    rows = (
        f"| [`{rule.id}`](diff/{rule.id}.md) | {_cell(rule.purpose)} "
        f"| {rule.sent} | {rule.received} | {rule.python} |"
        for rule in RULES.values()
    )
    others = [
        f"- [{case.name}](../tests/cases/diff/{case.name}/changes.txt): {_purpose(case)}"
        for case in sorted(path.parent for path in DIFFS.glob("*/old.yaml"))
        if case.name not in RULES
    ]
    table = "\n".join((*head, *rows))
    rest = "\n".join(
        ("What has no kind of its own, each with the report of an example:", "", *others)
    )
    return f"{before}{RULE_MARKS[0]}\n\n{table}\n\n{rest}\n\n{RULE_MARKS[1]}{after}"


def rule_page(rule: Rule) -> str:
    """The page of one kind of change."""
    case = DIFFS / rule.id
    rows = [
        "| for | verdict |",
        "| --- | --- |",
        f"| whoever sends | {rule.sent} |",
        f"| whoever receives | {rule.received} |",
        f"| code that uses the package | {rule.python} |",
    ]
    parts = [f"# {rule.id}", rule.purpose, "\n".join(rows)]
    if rule.listed == "docs":
        parts.append("It is listed with `--docs` alone, and never fails anything.")
    if rule.listed == "on request":
        parts.append(
            f"For example:\n\n```toml\n[tool.modelgen.diff]\n{_text(case / 'diff.toml')}```"
        )
    parts += ["## Example"]
    if _purpose(case) != rule.purpose:
        parts.append(_purpose(case))
    parts.append(f"```diff\n{_difference(case)}```")
    parts.append(f"Reported as:\n\n```text\n{_text(case / 'changes.txt')}```")
    return "\n\n".join([*parts, "[All kinds of change](../diff.md)"]) + "\n"


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _purpose(case: Path) -> str:
    return _text(case / "old.yaml").partition("\n")[0].removeprefix("#").strip()


def _difference(case: Path) -> str:
    """What differs between the two files of a case."""
    old, new = (
        [line for line in _text(case / name).splitlines(keepends=True) if line[:1] != "#"]
        for name in ("old.yaml", "new.yaml")
    )
    lines = list(unified_diff(old, new, n=len(old) + len(new)))[3:]
    return "".join(lines or (f" {line}" for line in old))


# --- configuration --------------------------------------------------------------------------------


def configuration() -> str:
    """The page as it is, with the tables of keys brought up to date."""
    text = (DOCS / "configuration.md").read_text("utf-8")
    before, _, rest = text.partition(KEYS[0])
    _, _, after = rest.partition(KEYS[1])
    return f"{before}{KEYS[0]}\n\n{_tables()}\n{KEYS[1]}{after}"


def _tables() -> str:
    schema = config_schema()
    config = _Config(schema["$defs"])
    headers: dict[str, list[str]] = {}
    for header, table in config.tables("tool.modelgen", schema):
        headers.setdefault(config.rows(table), []).append(header)
    return "\n".join(f"### {', '.join(same)}\n\n{rows}" for rows, same in headers.items())


class _Config:
    """The tables that a configuration is made of, with references resolved."""

    def __init__(self, defs: Mapping[str, Any]) -> None:
        self.defs = defs

    def tables(
        self, path: str, schema: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each table with keys of its own, under the header it has in TOML."""
        yield f"`{path}`", schema
        for key, entry in self.entries(schema):
            match entry.get("type"):
                case "object" if "properties" in entry:
                    yield from self.tables(f"{path}.{key}", entry)
                case "object" if "properties" in (
                    inner := self.entry(entry["additionalProperties"])
                ):
                    yield from self.tables(f"{path}.{key}.NAME", inner)
                case "array" if "properties" in (inner := self.entry(entry["items"])):
                    yield from self.tables(f"{path}.{key}[]", inner)

    def rows(self, schema: Mapping[str, Any]) -> str:
        rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
        for key, entry in self.entries(schema):
            default = f"`{json.dumps(entry['default'])}`" if "default" in entry else "none"
            if key in schema.get("required", ()):
                default = "required"
            rows.append(
                f"| `{key}` | {self.value(entry)} | {default} | {_cell(entry['description'])} |"
            )
        return "\n".join(rows) + "\n"

    def entries(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for key, entry in schema["properties"].items():
            yield key, self.entry(entry)

    def entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in entry:
            return entry
        target = self.entry(self.defs[entry["$ref"].rpartition("/")[2]])
        return {**target, **{key: value for key, value in entry.items() if key != "$ref"}}

    def value(self, entry: Mapping[str, Any]) -> str:
        """A value's type in words."""
        if "enum" in entry:
            return " or ".join(f'`"{value}"`' for value in entry["enum"])
        match entry["type"]:
            case ["boolean", "array"]:
                return "boolean or list of strings"
            case "array":
                return (
                    "list of tables"
                    if "properties" in self.entry(entry["items"])
                    else "list of strings"
                )
            case "object" if "properties" in entry:
                return "table"
            case "object":
                inner = self.entry(entry["additionalProperties"])
                return (
                    "tables by name"
                    if "properties" in inner
                    else f"table of string to {self.value(inner)}"
                )
            case kind:
                return str(kind)


# --- anomalies ------------------------------------------------------------------------------------


def anomaly_index() -> str:
    """The page that lists all codes."""
    rows = [
        f"| [`{kind.code}`](anomalies/{kind.code}.md) | {_cell(kind.looks)} | {_cell(kind.repair)} | {kind.effect} |"
        for kind in KINDS.values()
    ]
    return "\n".join(
        [
            "# Anomalies",
            "",
            "Real documents hold things that are wrong, outdated or ambiguous. `modelgen` repairs what it can",
            "understand, and reports each repair with a code and a place. `modelgen inspect` lists them.",
            "",
            "The last column says what a repair does to validity, compared to the letter of the document: it",
            "`narrows` or `widens` what is valid, leaves a keyword `unchecked`, or changes nothing (`none`).",
            "Strict decoding follows the repaired meaning.",
            "",
            "| code | what it looks like | repair | validity |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def anomaly_page(kind: AnomalyKind) -> str:
    """The page of one code."""
    parts = [f"# {kind.code}", kind.looks]
    case = _case(kind.code)
    if case is not None:
        parts += ["## Example", *_example(case, kind.code)]
    parts += ["## Repair", kind.repair, "## Effect on validity", EFFECTS[kind.effect]]
    if case is not None and (case / "payloads.yaml").exists():
        parts.append(_verdicts(case))
    return "\n\n".join([*parts, "[All anomalies](../anomalies.md)"]) + "\n"


def _case(code: str) -> Path | None:
    """The case that shows an anomaly: named after it, else the one that shows least else."""
    found = []
    for path in sorted(CASES.glob("*/*/anomalies.txt")):
        codes = {line.partition(" ")[0] for line in path.read_text("utf-8").splitlines()}
        if code in codes:
            found.append((path.parent.name != code, len(codes), path.parent))
    return min(found)[2] if found else None


def _example(case: Path, code: str) -> Iterator[str]:
    spec = next(path for path in case.glob("spec.*"))
    text = spec.read_text("utf-8")
    first, _, rest = text.partition("\n")
    if first.startswith("#"):
        yield first.removeprefix("#").strip()
        text = rest
    yield f"```{spec.suffix[1:]}\n{_schemas(text).rstrip()}\n```"
    lines = [
        line
        for line in (case / "anomalies.txt").read_text("utf-8").splitlines()
        if line.partition(" ")[0] == code
    ]
    yield "Reported as:"
    yield "\n".join(["```text", *lines, "```"])


def _schemas(text: str) -> str:
    """The component schemas of a YAML document alone, where nothing but a usual head comes before them."""
    plain = re.sub(r"^info: .*\n|^paths: \{\}\n", "", text, flags=re.MULTILINE)
    head = re.match(r"openapi: (\S+)\ncomponents:\n  schemas:\n", plain)
    body = plain[head.end() :] if head else ""
    if head is None or re.search(r"^ {0,3}\S", body, re.MULTILINE):
        return text
    version = f"# OpenAPI {head[1].strip(chr(34))}\n"
    return version + re.sub(r"^    ", "", body, flags=re.MULTILINE)


def _verdicts(case: Path) -> str:
    rows = ["| schema | payload | strict | lax |", "|---|---|---|---|"]
    for payload in yaml.safe_load((case / "payloads.yaml").read_text("utf-8")):
        text = json.dumps(payload["json"], ensure_ascii=False)
        strict, lax = (
            "accepted" if payload.get(key, True) else "refused" for key in ("valid", "lax")
        )
        rows.append(f"| `{payload['type']}` | `{_cell(text)}` | {strict} | {lax} |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
