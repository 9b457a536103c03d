"""A Faust transport whose consumer never waits long for partitions that are quiet.

A consumer has one fetch on its way to each broker, and that fetch is answered when any partition in it has something,
or after the longest wait, which Faust fixes at 1.5 s. A fetch that names only quiet partitions therefore keeps the busy
ones waiting, at each stage anew. With a short wait it is asked again twenty times a second instead, which costs nothing
that could be measured.
"""

from __future__ import annotations

from typing import Any

from faust.transport.drivers import aiokafka as driver

LONGEST_WAIT_MS = 50


class _Thread(driver.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer: Any = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = LONGEST_WAIT_MS  # noqa: SLF001 - Faust has no setting for it
        return consumer


class _Consumer(driver.Consumer):
    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


class PromptTransport(driver.Transport):
    """Faust's Kafka transport with a short fetch wait."""

    Consumer = _Consumer
