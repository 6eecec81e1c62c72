"""From a change upstream to a pull request: what is done by itself, and what somebody has to decide."""
