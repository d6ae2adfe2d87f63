"""GitLab CI/CD: what a job's variables say, the note of a merge request, reports in GitLab's formats."""
