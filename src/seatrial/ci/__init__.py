"""The place that a run takes place in: a CI system or a terminal. `host` says what is needed of one."""
