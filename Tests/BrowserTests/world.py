"""Usher and all it needs, run by the program TestWorld for as long as this process lives."""

import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class World:
    def __enter__(self):
        program = ROOT / ".build/debug/TestWorld"
        if not program.exists():
            raise SystemExit(f"{program} is missing: swift build")
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
        )
        facts = json.loads(self.process.stdout.readline() or "{}")
        if not facts:
            raise SystemExit("The world did not start.")
        self.url, self.token = facts["url"], facts["token"]
        self.indexer, self.key = facts["indexer"], facts["key"]
        self.downloads = pathlib.Path(facts["downloads"])
        self.log = self.downloads.parent / "usher.log"
        return self

    def limit(self, speed):
        """How many bytes a second the swarm gives away; "0" for as many as it can."""
        self.command(f"limit {speed}")

    def forget(self, request):
        """Makes it 31 days since anybody or anything searched a request, by the address of its page."""
        self.command(f"forget {request.rpartition('/')[2]}")

    def command(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=30)
