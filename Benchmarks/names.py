"""Reads release names from standard input with one of the public parsers; prints how many it reads in a second."""

import sys
import time

names = sys.stdin.read().splitlines()
if sys.argv[1] == "ptt":
    from PTT import parse_title as parse
else:
    from guessit import guessit as parse

parse(names[0])
seconds, count, start = float(sys.argv[2]), 0, time.perf_counter()
while time.perf_counter() - start < seconds:
    parse(names[count % len(names)])
    count += 1
print(f"rate {count / (time.perf_counter() - start)}")
