"""A project that uses modelgen: its configuration, its upstream documents and what it publishes."""
