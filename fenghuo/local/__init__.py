"""The local stack: real Kafka and Valkey from wheels, supervised children, and what `fenghuo up` needs of a machine."""
