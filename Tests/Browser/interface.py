"""Asks the interface of `serve` whatever its own document allows and forbids, by schemathesis.

usage: interface.py SCHEMATHESIS NUMAZONES [SECONDS]
"""

import os
import subprocess
import sys
import tempfile

# What is well-formed may be refused for what it means: a mask that there is not (422), nothing to undo (409).
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "409", "422"]
"""


def main(schemathesis, program, seconds="60"):
    server = subprocess.Popen([program, "serve", "Config/textbook-buddy.json"], stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "schemathesis.toml")
            with open(path, "w") as file:
                file.write(CONFIGURATION)
            done = subprocess.run(
                [schemathesis, "--config-file", path, "run", address + "api/openapi.json", "--url", address.rstrip("/"),
                 "--checks", "all", "--phases", "examples,coverage,fuzzing", "--max-time", seconds, "--seed", "15",
                 "--continue-on-failure", "--no-color"],
                cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = done.stdout.splitlines()
        # All of it where something was found, else how much was tried.
        print("\n".join(lines if done.returncode else [line for line in lines if "passed" in line or "generated" in line or "Seed" in line]))
        if server.poll() is not None:
            print(f"the server ended with {server.returncode}")
            return 1
        return 1 if done.returncode else 0
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
