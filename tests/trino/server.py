"""Trino 476 on this machine: fetched, unpacked, configured, started and stopped.

It comes from Maven Central through `mvn` (Debian's package maven), so that mirrors and proxies are
those of this machine; below target/trino it is kept. Knows nothing of `why`. Start at `Server`.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile

from client import Client

VERSION = "476"
JAVA = 24
ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = ROOT / "target" / "trino"
# Of at most 3 GB in all: the heap, and what Java needs beside it.
HEAP = "2200M"
PATIENCE_S = 600


class Missing(SystemExit):
    """What is not on this machine, and how it gets there."""

    def __init__(self, what, advice):
        super().__init__(f"{what}\n{advice}")


# --- what it needs


def release(home):
    """The major version of a JDK, from the file that each one has."""
    try:
        said = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text())
    except OSError:
        return 0
    return int(said[1]) if said else 0


def java():
    """A JDK that is new enough: JAVA_HOME's, that of PATH, or any beside it."""
    homes = [pathlib.Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    homes += [pathlib.Path(on_path).resolve().parents[1]] if on_path else []
    homes += sorted(pathlib.Path("/usr/lib/jvm").glob("*"), key=release, reverse=True)
    for home in homes:
        if release(home) >= JAVA and (home / "bin" / "java").exists():
            return home
    raise Missing(
        f"Trino {VERSION} needs a JDK {JAVA} or newer, and there is none in JAVA_HOME, PATH or /usr/lib/jvm.",
        f"Install one (Debian 13 and newer: apt-get install openjdk-25-jre-headless; older: a JDK {JAVA} or newer of "
        "another vendor) and set JAVA_HOME to its folder.",
    )


def fetched(artifact, ending):
    """An artifact of Maven Central, as a file in PLACE."""
    file = PLACE / f"{artifact}-{VERSION}.{ending}"
    if file.exists():
        return file
    if not shutil.which("mvn"):
        raise Missing("mvn, which fetches Trino, is missing.", "apt-get install maven")
    print(f"fetching io.trino:{artifact}:{VERSION} …", file=sys.stderr, flush=True)
    part = PLACE / "part"
    words = [f"-Dartifact=io.trino:{artifact}:{VERSION}:{ending}", f"-DoutputDirectory={part}"]
    # The copy that mvn would keep for itself goes with the folder.
    words += [f"-Dmaven.repo.local={PLACE / 'part' / 'repository'}"]
    run = subprocess.run(["mvn", "--batch-mode", "--quiet", "dependency:copy", *words], check=False)
    if run.returncode:
        raise Missing(f"mvn could not fetch io.trino:{artifact}:{VERSION}.", "Its message above says why.")
    (part / file.name).rename(file)
    shutil.rmtree(part)
    return file


def unpacked():
    """Trino's folder with the Hive connector in it."""
    home = PLACE / f"trino-server-core-{VERSION}"
    hive = home / "plugin" / "hive"
    if hive.exists():
        return home
    PLACE.mkdir(parents=True, exist_ok=True)
    server, plugin = fetched("trino-server-core", "tar.gz"), fetched("trino-hive", "zip")
    subprocess.run(["tar", "-xzf", server, "-C", PLACE], check=True)
    with zipfile.ZipFile(plugin) as archive:
        archive.extractall(home / "plugin")
    (home / "plugin" / f"trino-hive-{VERSION}").rename(hive)
    server.unlink()
    plugin.unlink()
    return home


# --- what it is told

JVM = f"""-server
-Xmx{HEAP}
-XX:+UseG1GC
-XX:+ExitOnOutOfMemoryError
-Djdk.attach.allowAttachSelf=true
-Djdk.nio.maxCachedBufferSize=2000000
-Dfile.encoding=UTF-8
-Duser.timezone=UTC
"""

SERVER = """node.environment=test
node.id=why
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
discovery.uri=http://127.0.0.1:{port}
query.max-memory=1GB
query.max-memory-per-node=1GB
query.max-history=2000
query.min-expire-age=5m
catalog.management=static
"""

# Athena's data catalog by its own name. A folder that is not there holds no rows, as in Athena.
HIVE = """connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///metastore
fs.native-local.enabled=true
local.location={lake}
hive.partition-projection-enabled=true
hive.ignore-absent-partitions=true
hive.non-managed-table-writes-enabled=true
hive.allow-register-partition-procedure=true
hive.security=allow-all
hive.parquet.time-zone=UTC
hive.max-partitions-per-scan=1000000
hive.max-partitions-for-eager-load=200000
"""

LOG = "io.trino=WARN\nio.airlift=WARN\norg.apache=WARN\n"


class Server:
    """One Trino over one folder; `with` ends it. Its catalog is `awsdatacatalog`, empty at first."""

    def __init__(self, lake):
        self.lake = pathlib.Path(lake).resolve()
        self.data = PLACE / f"run-{self.lake.name}"

    def __enter__(self):
        home, jdk = unpacked(), java()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        for old in (self.data, self.lake / "metastore"):
            shutil.rmtree(old, ignore_errors=True)
        settings = self.data / "etc"
        (settings / "catalog").mkdir(parents=True)
        self.lake.mkdir(parents=True, exist_ok=True)
        (settings / "jvm.config").write_text(JVM)
        (settings / "config.properties").write_text(SERVER.format(port=port))
        (settings / "log.properties").write_text(LOG)
        (settings / "catalog" / "awsdatacatalog.properties").write_text(HIVE.format(lake=self.lake))
        self.log = PLACE / f"{self.lake.name}.log"
        command = [home / "bin" / "launcher", "run", f"--etc-dir={settings}", f"--data-dir={self.data}"]
        environment = {**os.environ, "JAVA_HOME": str(jdk), "PATH": f"{jdk}/bin:{os.environ['PATH']}"}
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self.url = f"http://127.0.0.1:{port}"
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        client, began = Client(self.url), time.monotonic()
        while not client.is_ready():
            if self.process.poll() is not None:
                raise SystemExit(f"Trino ended while it started: {self.log} says why.")
            if time.monotonic() - began > PATIENCE_S:
                raise SystemExit(f"Trino did not start in {PATIENCE_S} s: see {self.log}.")
            time.sleep(0.5)
        self.started_s = time.monotonic() - began

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


if __name__ == "__main__":
    with Server(sys.argv[1] if len(sys.argv) > 1 else PLACE / "lake") as trino:
        print(trino.url, flush=True)
        sys.stdin.read()
