"""``/v1/rules``: the rules in force, checking a text, bringing a new version into force, and who did so before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alerts.lint import problems
from alerts.rest.giving import Given, Key, give
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Here, Ruler, Viewer
from alerts.rules import RuleSet
from alerts.settings import RulesFile
from contracts.errors import InvalidSettings
from contracts.plain import first_of
from contracts.records import CommandKind
from contracts.yamlfile import MAX_BYTES, read_yaml

router = APIRouter(prefix="/rules", tags=["rules"])
EVERYBODY = "*"
EXAMPLE = "rules:\n  - name: spikes\n    match: {kind: [volume.spike]}\n    steps: [{tier: blue, score: 3}]\n"
_NAME = Path("rules")


class RuleText(BaseModel):
    """A whole rules file, either as the YAML people write or as JSON."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"yaml": EXAMPLE}]})

    yaml: Annotated[str | None, Field(max_length=MAX_BYTES)] = None
    rules: dict[str, Any] | None = None


class NewRules(RuleText):
    """A new version."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"yaml": EXAMPLE, "reason": "fewer blue ones", "brand": "*"}]}
    )

    reason: Annotated[str, Field(min_length=1, max_length=500, description="Why; it stands in the ledger.")]
    brand: Annotated[str, Field(min_length=1, max_length=200)] = Field(default=EVERYBODY, description="`*`: all.")


class Checked(BaseModel):
    """What is wrong with a text."""

    problems: list[str] = Field(description="One sentence each, with its line where there is one; empty: all is well.")
    rules: int = Field(description="How many rules it holds.")


class RuleVersion(BaseModel):
    """A version that was brought into force while the system ran."""

    id: str
    brand: str
    author: str
    reason: str
    at: datetime


class RulesNow(BaseModel):
    """The rules that hold for a brand from its next bucket at the latest."""

    brand: str
    version: str = Field(description="The id of the command that brought them; empty: those of the settings.")
    rules: RulesFile


@router.get("", summary="The rules in force")
async def rules(
    who: Viewer,
    here: Here,
    brand: Annotated[str, Query(max_length=200, description="`*`: those of brands that are new.")] = EVERYBODY,
) -> RulesNow:
    """As one rules file."""
    deciding = await here.books.deciding()
    policy = deciding.rules_of(brand)
    mine = [one.id for one in deciding.versions() if one.brand in (EVERYBODY, brand)]
    file = RulesFile(timing=policy.timing, rules=policy.rules.rules, combine=policy.rules.combine, mutes=policy.mutes)
    return RulesNow(brand=brand, version=mine[-1] if mine else "", rules=file)


@router.get("/versions", summary="Who changed the rules, when and why")
async def versions(who: Viewer, here: Here) -> list[RuleVersion]:
    """Since the log begins, the oldest first."""
    known = (await here.books.deciding()).versions()
    return [
        RuleVersion(id=one.id, brand=one.brand, author=one.author, reason=one.comment, at=one.issued_at)
        for one in known
    ]


@router.get("/versions/{version}", summary="What a version says", responses=dict(examples(404)))
async def one_version(who: Viewer, here: Here, version: str) -> RulesNow:
    """The whole rules file that this version brought, as it was put into force."""
    known = next((one for one in (await here.books.deciding()).versions() if one.id == version), None)
    if known is None:
        raise Problem(404, "no version of the rules has this id", "path.version", "GET /v1/rules/versions lists all")
    return RulesNow(brand=known.brand, version=known.id, rules=known.rules())


@router.post("/check", summary="Check rules")
async def check(who: Viewer, here: Here, body: RuleText) -> Checked:
    """Every mistake as a sentence; nothing is put into force."""
    try:
        file = _read(body)
    except InvalidSettings as error:
        return Checked(problems=[str(error)], rules=0)
    return Checked(problems=problems(RuleSet(rules=file.rules, combine=file.combine)), rules=len(file.rules))


@router.put("", status_code=202, summary="Bring a new version into force")
async def put(who: Ruler, here: Here, body: NewRules, key: Key = None) -> Given:
    """It holds from the next bucket; what is open stays as it is and nobody is told again. 422 names every mistake."""
    try:
        file = _read(body)
    except InvalidSettings as error:
        raise Problem(422, str(error), "body", "mend it; POST /v1/rules/check tries it") from None
    found = problems(RuleSet(rules=file.rules, combine=file.combine))
    if found:
        raise Problem(422, "; ".join(found), "body", "mend it; POST /v1/rules/check tries it")
    args = {"rules": file.model_dump(mode="json", by_alias=True)}
    return await give(here, key, who, CommandKind.RULES, body.brand, args, body.reason)


def _read(body: RuleText) -> RulesFile:
    """The file; raises InvalidSettings."""
    if (body.yaml is None) == (body.rules is None):
        raise InvalidSettings("rules", "give the file either as yaml or as rules")
    if body.yaml is not None:
        return read_yaml(body.yaml.encode(), _NAME, RulesFile)
    try:
        return RulesFile.model_validate(body.rules)
    except ValidationError as error:
        raise InvalidSettings("rules", first_of(error, RulesFile)) from None
