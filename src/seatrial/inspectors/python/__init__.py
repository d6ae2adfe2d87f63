"""Python, judged by Bandit as its users call it."""
