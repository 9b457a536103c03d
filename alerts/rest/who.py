"""Who asks, by the token of the request, and whether their role may do it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from alerts.rest.office import Office, office
from alerts.rest.problems import Problem
from contracts.access import LEAST, Action, may
from contracts.desk import Person

HOW_TO_SIGN = "`fenghuo people token NAME` makes a token; send it as Authorization: Bearer TOKEN"
_bearer = HTTPBearer(auto_error=False, description="A token made by `fenghuo people token NAME`.")

Here = Annotated[Office, Depends(office)]


async def person(
    request: Request, here: Here, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Person:
    """Whose token it is; 401 without a good one, 429 after too many bad ones from one address.

    Good ones are served from that address all the same: behind a proxy everybody comes from one.
    """
    if given is None:
        raise Problem(401, "this request carries no token", "Authorization", HOW_TO_SIGN)
    known = here.tokens.holder(given.credentials)
    if known is not None:
        return known
    address = request.client.host if request.client else ""
    wait = here.tries.wait(address, here.clock.now())
    if wait:
        raise Problem(429, "too many bad tokens came from this address", "Authorization", HOW_TO_SIGN, wait)
    here.tries.failed(address, here.clock.now())
    raise Problem(401, "nobody holds this token; it was mistyped or taken back", "Authorization", HOW_TO_SIGN)


class Need:
    """A dependency: the person who asks, if their role may do ``action``."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, who: Annotated[Person, Depends(person)]) -> Person:
        """403 when it may not."""
        if not may(who.role, self.action):
            least = LEAST[self.action].value
            what = f"{who.name} is {who.role} and may not {self.action.value}"
            todo = (
                f"it needs the role {least} or above; an admin gives it: fenghuo people add {who.name} --role {least}"
            )
            raise Problem(403, what, "Authorization", todo)
        return who


Viewer = Annotated[Person, Depends(Need(Action.VIEW))]
Acker = Annotated[Person, Depends(Need(Action.ACK))]
Silencer = Annotated[Person, Depends(Need(Action.SILENCE))]
Planner = Annotated[Person, Depends(Need(Action.PLAN))]
Judge = Annotated[Person, Depends(Need(Action.FEEDBACK))]
Swapper = Annotated[Person, Depends(Need(Action.SWAP))]
Ruler = Annotated[Person, Depends(Need(Action.RULES))]
