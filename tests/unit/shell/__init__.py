"""The worker's shell, without Kafka."""
