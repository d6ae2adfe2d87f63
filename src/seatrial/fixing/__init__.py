"""
`seatrial fix`: ready patches for findings whose remedy a program can write.

    findings -> proposals (registry) -> edits by position (edits, yaml_file) -> rounds on a copy -> patches

A file keeps its comments and its layout, because nothing is written anew but the lines that change. Every change is
checked twice: the file must then mean exactly what the fix meant. A survey of the copy must find nothing new in it. A
fix that fails either is not offered.
"""
