"""The topics of the pipeline: all of them, with one partition count for all, made at the start and checked ever after.

Equal counts matter because stages address partitions of the next topic by number. A count can not be changed in place:
that would send a brand's records to another partition than its past.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from contracts.errors import InvalidSettings, Unavailable
from contracts.topics import Topic

NO_EXPIRY = {"retention.ms": "-1"}


async def ensure(bootstrap: str, partitions: int, *, prefix: str = "", replication: int = 1) -> list[str]:
    """Create what is missing and verify the rest; returns the names created.

    Raises Unavailable when Kafka does not answer, InvalidSettings when a topic has another count.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        found = await _counts(admin, prefix)
        verify(found, partitions, prefix=prefix)
        wanted = [prefix + topic for topic in Topic if prefix + topic not in found]
        await _create(admin, wanted, partitions, replication)
        return wanted
    except (KafkaError, OSError) as error:
        raise Unavailable(
            f"Kafka at {bootstrap} did not let topics be made ({type(error).__name__}: {error})."
        ) from error
    finally:
        await admin.close()


async def counts(bootstrap: str, *, prefix: str = "") -> dict[str, int]:
    """Partition count of each of our topics that exists; raises Unavailable."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        return await _counts(admin, prefix)
    except (KafkaError, OSError) as error:
        raise Unavailable(f"Kafka at {bootstrap} does not answer ({type(error).__name__}).") from error
    finally:
        await admin.close()


def verify(found: Mapping[str, int], partitions: int, *, prefix: str = "") -> None:
    """Raise InvalidSettings when an existing topic has another count than ``partitions``.

    >>> verify({"mentions": 6, "counts": 6}, 6)
    >>> verify({"mentions": 4, "counts": 6}, 6)
    Traceback (most recent call last):
    contracts.errors.InvalidSettings: Kafka: topic mentions has 4 partitions, but 6 are set...
    """
    wrong = sorted(name for name, count in found.items() if count != partitions)
    if wrong:
        have = ", ".join(f"{name} has {found[name]}" for name in wrong)
        raise InvalidSettings(
            "Kafka",
            f"topic {have} partitions, but {partitions} are set for all. Set the old count again, or start on fresh"
            f" topics (another prefix than {prefix!r}, or an empty var/): a count cannot change under running state.",
        )


async def _counts(admin: AIOKafkaAdminClient, prefix: str) -> dict[str, int]:
    ours = {prefix + topic for topic in Topic}
    present = sorted(ours & set(await admin.list_topics()))
    if not present:
        return {}
    return {one["topic"]: len(one["partitions"]) for one in await admin.describe_topics(present)}


async def _create(admin: AIOKafkaAdminClient, names: list[str], partitions: int, replication: int) -> None:
    if not names:
        return
    new = [NewTopic(name, partitions, replication, topic_configs=NO_EXPIRY) for name in names]
    answer = await admin.create_topics(new)
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(f"topic {name}")
