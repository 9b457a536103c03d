"""English names of persons after the usual cues: my name is, Passenger name, Mr, Dr, this is … calling, Regards.

What is called by a name is not always a person: "Brand name" and "the hotel name is" are no cues, and behind "this
is" a usual first name must stand or the words of a caller follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from streams.text.private.kinds import GONE, Form, Found, Kind
from streams.text.private.name_words import FIRST_NAMES

_CAPITAL = r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'\u2019-]{1,20}"
_FRONT = f"(?<![A-Za-z0-9{GONE}])"
_NAME = rf"(?:[A-Z]\. ?){{0,2}}{_CAPITAL}(?: (?:[A-Z]\.|{_CAPITAL})){{0,2}}"
_HOLDER = (
    "my|his|her|their|full|first|last|middle|real|legal|family|passenger(?:'s)?|customer(?:'s)?|contact|guest|account"
    "|card ?holder|traveller|traveler|client|agent(?:'s)?|driver(?:'s)?|rep(?:'s)?|employee|manager|patient|sender"
    "|recipient|applicant"
)
_CALLED = re.compile(
    rf"{_FRONT}(?i:(?:{_HOLDER}) (?:full |real |first |last )?name|(?<![A-Za-z] )(?<!['-])name|(?P<any>the name))"
    r"(?P<link>(?i:'s| is| was) ?:?| ?[:;]| ?[-\u2013](?= )"
    r"|(?<=[a-z] name)(?= [A-Z])|(?<=[a-z] Name)(?= [A-Z])|(?<=R NAME)(?= [A-Z]))"
    rf" {{0,2}}(?:(?:Mr|Mrs|Ms|Miss|Dr)\b\.? )?"
    rf"(?P<name>[A-Z][A-Za-z]{{1,19}}/[A-Z][A-Za-z]{{1,19}}|{_NAME})"
)
_SIGNED = re.compile(
    rf"{_FRONT}(?i:"
    r"(?:kind |best |warm )?regards|sincerely(?: yours)?|yours (?:truly|sincerely)|signed(?=[:,]))[:, ]{1,2}"
    rf"(?:(?:Mr|Mrs|Ms|Miss|Dr)\b\.? )?(?P<name>{_NAME})"
)
_THIS_IS = re.compile(
    rf"{_FRONT}(?i:this is) (?P<name>{_CAPITAL}(?: {_CAPITAL}|(?=,? (?:calling|speaking|writing|from|here)\b)))"
    r"(?=(?P<says>,? (?:calling|speaking|writing)\b)?)"
)
_SMALL = re.compile(
    rf"(?<![a-z0-9{GONE}])my (?:full |real )?name(?:'s| is) (?P<name>[a-z]{{2,15}}(?: [a-z]{{2,15}})?)(?![a-z{GONE}])"
)
_TITLED = re.compile(rf"{_FRONT}(?P<title>Mr|Mrs|Ms|Dr)\b\.? ?(?P<name>(?:[A-Z]\. ?){{0,2}}{_CAPITAL}(?: {_CAPITAL})?)")
_STREET_BEFORE = re.compile(r"(?:[A-Z][a-z]+|[0-9]|[0-9](?:st|nd|rd|th)),? $")
_NO_DOCTORS = frozenset("Pepper Martens Marten Martin's Dre Who Oz Phil Seuss Strange House No Apt Suite Unit".split())
_NO_PERSON = frozenset(
    "The Your Customer A An Our Team From This It Please And But My We Not No Record Records List Change Tag Tags"
    " Badge Disappointed Frustrated Angry Annoyed Former Ex Loyal Unhappy Upset Tired Dissatisfied Concerned Sad"
    " Happy Very Never Yours Proud Anonymous Soon Still Waiting Another One Just Long Longtime Future Once"
    " Previously Formerly Hopefully Hopeful Stranded Stuck Pissed Fed Furious Sick Exhausted Confused Worried"
    " Unsatisfied Satisfied Grateful Thanks Everyone Everybody All Your Ur Me Us Management Support Services Thank"
    " Hungry Broke Poor Ignored".split()
)
_NO_NAMES = frozenset(
    "customer customers passenger passengers flyer flier traveler traveller client user member members team"
    " service guest shopper buyer subscriber fan family staff crew".split()
)
_NOT_NAMES = frozenset(
    "and but not on in the wrong spelled misspelled spelt mis incorrect correct still also so that with at from"
    " for i am is to of being nowhere never listed there missing no they what as now it be because has was".split()
)


def called_names(plain: str) -> Iterator[Found]:
    """What is said to be a name.

    >>> [found[3] for found in called_names("My name is John Smith. Brand name: Nike. my name is not on it")]
    ['john smith']
    """
    yield from _persons(_CALLED, plain)
    for found in _SMALL.finditer(plain):
        words = found["name"].split(" ")
        if words[0] not in _NOT_NAMES:
            kept = words[0] if len(words) > 1 and words[1] in _NOT_NAMES else found["name"]
            yield found.start("name"), found.start("name") + len(kept), Kind.NAME, kept


def _persons(pattern: re.Pattern[str], plain: str) -> Iterator[Found]:
    for found in pattern.finditer(plain):
        if _is_person(found):
            start = found.start("name")
            end = start + len(found["name"].rstrip(".'\u2019-"))
            yield start, end, Kind.NAME, plain[start:end].lower()


def _is_person(found: re.Match[str]) -> bool:
    words = found["name"].rstrip(".'\u2019-").split(" ")
    if words[0] in _NO_PERSON or not _NO_NAMES.isdisjoint(word.lower() for word in words):
        return False
    if found.re is _CALLED and found["any"]:
        return words[0].lower() in FIRST_NAMES
    if found.re is _THIS_IS:
        return words[0].lower() in FIRST_NAMES or found["says"] is not None
    if found.re is _TITLED and found["title"] == "Dr":
        return words[0] not in _NO_DOCTORS and not _STREET_BEFORE.search(found.string[: found.start()][-24:])
    return True


ENGLISH_NAMES = (
    Form(called_names, ("name",), digits=0),
    Form(partial(_persons, _THIS_IS), ("this is",), digits=0),
    Form(partial(_persons, _SIGNED), ("regards", "sincerely", "yours truly", "signed"), digits=0),
    Form(partial(_persons, _TITLED), ("mr", "ms", "dr ", "dr."), digits=0),
)
"""The forms: what is called so, who speaks, who signs, and who has a title."""
