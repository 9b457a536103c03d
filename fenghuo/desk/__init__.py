"""What console and REST API ask of the rest: people's commands, the deciding state, settings as papers."""
