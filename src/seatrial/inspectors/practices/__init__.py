"""What a repository of its kind must have, asked whether or not there is a file to look at."""
