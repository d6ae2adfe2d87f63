"""Mutation testing of the configuration: copies of each service start with one setting that is wrong."""
