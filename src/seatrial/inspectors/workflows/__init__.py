"""GitHub workflows and actions: zizmor, actionlint where it is there, and rules of our own."""
