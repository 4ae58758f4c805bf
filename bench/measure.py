"""Runs a command and prints its last lines, its time and its peak memory."""

import resource
import subprocess
import sys
import time

begun = time.monotonic()
run = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=False)
seconds = time.monotonic() - begun
print("\n".join((run.stdout + run.stderr).splitlines()[-6:]))
peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"exit {run.returncode}, {seconds:.1f} s, peak memory {peak_mb:.0f} MB")
sys.exit(run.returncode)
