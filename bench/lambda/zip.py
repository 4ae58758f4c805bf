"""Zips the files that are named on standard input, a zero byte after each, as a deployment would.

usage: zip.py ZIP
"""

import sys
import zipfile

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
    for name in filter(None, sys.stdin.read().split("\0")):
        file.write(name)
