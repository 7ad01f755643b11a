#!/usr/bin/env python3
"""What a row costs, in one run: `wc -l`, two general JSON parsers alone, `backwise batch` with one
and two threads and on CSV, DuckDB on the exported SELECT, and published rule engines that a
generator gave the same rules. All of it, with the tables of the README in Markdown:

    python3 -m venv /tmp/engines && /tmp/engines/bin/pip install --quiet duckdb==2.0.1 &&
        /tmp/engines/bin/python benches/batch.py --scale

Before any time is taken, every engine must come to what `batch` comes to, byte for byte, for
10,000 rows, gaps and all: to care, suggestion and reasons, DuckDB to care and suggestion. DuckDB and the rule engines are timed on fewer rows, without rows that
do not fit; what they take for one row, before they can begin, is left out. The rule engines write
four columns, `batch` its usual ones, DuckDB all.

Medians; brackets hold the fastest and the slowest round. Rounds take turns, so that whatever else
the machine does burdens all alike, and each piece of work is compared with a `wc -l` right before
it: by the clock, and by processor time, which a busy machine disturbs less. All that is written
goes to /dev/null; memory is what the kernel says was used at most. The files are temporary: half a
gigabyte; with --scale, 4 GB.
"""

import argparse
import importlib.util
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HOME = pathlib.Path(__file__).resolve().parents[1]
ENGINES = {
    "datalogic": "datalogic-rs 5.4.0 (JsonLogic)",
    "cel": "cel 0.15.0",
    "zen": "zen-expression 2.1.6",
}
CHECKED = 10_000
COLUMNS = "id,care,suggestion,reasons"


def built(folder, *arguments):
    command = ["cargo", "build", "--release", "--locked", "--quiet", *arguments]
    subprocess.run(command, check=True, cwd=folder)
    target = os.environ.get("CARGO_TARGET_DIR")
    return (pathlib.Path(target) if target else pathlib.Path(folder) / "target") / "release"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


class Peak(threading.Thread):
    """Reads the peak of a process's memory until it is gone.

    What `wait4` says cannot be used: it counts this program's memory before the other begins.
    """

    def __init__(self, process):
        super().__init__(daemon=True)
        self.file = f"/proc/{process}/status"
        self.kib = 0

    def run(self):
        while True:
            try:
                with open(self.file) as status:
                    found = re.search(r"^VmHWM:\s*(\d+)", status.read(), re.M)
            except OSError:
                return
            if not found:
                return
            self.kib = int(found[1])
            time.sleep(0.005)


class Cost:
    """Nanoseconds a row by the clock, of processor time, and the most memory in MiB."""

    def __init__(self, clock, processor, memory):
        self.clock, self.processor, self.memory = clock, processor, memory


def measured(command, rows):
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = Peak(process.pid)
    peak.start()
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    peak.join()
    # 65: rows that do not fit are part of the work.
    if process.returncode not in (0, 65):
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return Cost(taken / rows * 1e9, (used.ru_utime + used.ru_stime) / rows * 1e9, peak.kib / 1024)


def duckdb_script(folder, backwise):
    """DuckDB reads rows as CSV, as the SELECT's table of answers, and writes NDJSON."""
    export = lambda *more: output(backwise, "export", "sql", *more).decode()
    select = export().rstrip().rstrip(";")
    select = re.sub(r"^--.*\n", "", select, flags=re.M)
    header = [line.split()[0] for line in export("--ddl").splitlines() if line.startswith("  ")]
    names = ", ".join(
        '"' + name.removeprefix("q_").replace("_", "-") + '" AS ' + name for name in header)
    script = folder / "duck.py"
    script.write_text(f"""
import duckdb, sys
threads, rows, columns = sys.argv[1:]
database = duckdb.connect()
database.execute("SET threads = " + threads)
database.execute(f'''CREATE VIEW answers AS
  SELECT {names} FROM read_csv('{{rows}}', all_varchar = true, header = true)''')
database.execute(f'''COPY (SELECT {{columns}} FROM ({select}))
  TO '/dev/stdout' (FORMAT json)''')
""")
    return script


def same(name, lines, wanted):
    """Stop where an engine comes to something else than `batch`."""
    if lines != wanted:
        pairs = zip(lines.splitlines(), wanted.splitlines())
        first = next((pair for pair in pairs if pair[0] != pair[1]), (b"the number of lines",))
        first = b"\n".join(first).decode()
        raise SystemExit(f"{name} comes to something else:\n{first}")
    print(f"{name}: the same for {len(wanted.splitlines()):,} rows", file=sys.stderr)


class Rows:
    """Made-up rows in files, from a seed."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs

    def made(self, count, form, errors="3"):
        file = self.folder / f"{count}-{errors}.{form}"
        with open(file, "wb") as out:
            command = [self.programs / "generate", "1", str(count), form, errors]
            subprocess.run(command, stdout=out, check=True)
        return file

    def many(self, count, of, base):
        """As many rows of a file, which is used again and again where it has too few."""
        file = self.folder / f"{count}-scale.ndjson"
        with open(file, "wb") as out:
            for _ in range(count // base):
                with open(of, "rb") as part:
                    shutil.copyfileobj(part, out, 1 << 24)
            subprocess.run(["head", "-n", str(count % base), of], stdout=out, check=True)
        return file


def taking_turns(turns, rows, file, batch):
    """What others do to the machine changes from one second to the next: many runs taking turns,
    and how they spread."""
    floors, times = [], {"1": [], "2": []}
    ratios = {threads: [] for threads in times}
    for _ in range(turns):
        for threads in times:
            floor = measured(["wc", "-l", file], rows).clock
            time = measured(batch(file, threads), rows).clock
            floors.append(floor)
            times[threads].append(time)
            ratios[threads].append(time / floor)
    print(f"\n| taking turns {turns} times | fastest | a quarter | half | three quarters |\n"
          "|---|---:|---:|---:|---:|")
    line = lambda name, values, form: print(
        f"| {name} | {format(min(values), form)} | "
        + " | ".join(format(it, form) for it in statistics.quantiles(values, n=4)) + " |", flush=True)
    line("`wc -l`, ns a row", floors, ",.0f")
    for threads, title in (("1", "1 thread"), ("2", "2 threads")):
        line(f"`batch`, {title}, ns a row", times[threads], ",.0f")
        line(f"`batch`, {title}, times the `wc -l` before", ratios[threads], ".1f")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=100_000, help="rows for DuckDB and the engines")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=60, help="of `wc -l` and batch alone")
    parser.add_argument("--scale", action="store_true", help="10 thousand to 10 million rows too")
    arguments = parser.parse_args()
    backwise = str(built(HOME) / "backwise")
    programs = built(HOME / "benches")
    with tempfile.TemporaryDirectory(prefix="backwise-bench-") as name:
        folder = pathlib.Path(name)
        rows = Rows(folder, programs)
        batch = lambda file, threads: [backwise, "batch", "--quiet", "--threads", threads, file]
        engine = lambda engine, file: [programs / "engines", engine, file]

        checked = rows.made(CHECKED, "ndjson", "0")
        wanted = output(*batch(checked, "1"), "--columns", COLUMNS)
        for id, title in ENGINES.items():
            same(title, output(*engine(id, checked)), wanted)
        script = None
        if importlib.util.find_spec("duckdb"):
            script = duckdb_script(folder, backwise)
            table, columns = rows.made(CHECKED, "csv", "0"), "id, care, suggestion"
            wanted = output(*batch(checked, "1"), "--columns", columns.replace(" ", ""))
            lines = output(sys.executable, script, "1", table, columns)
            # A database owes no order.
            ordered = lambda lines: b"".join(sorted(lines.splitlines(keepends=True)))
            same("DuckDB", ordered(lines), ordered(wanted))
        else:
            print("DuckDB is not installed and is left out", file=sys.stderr)

        all_rows, few = arguments.rows, arguments.few
        ndjson, table = rows.made(all_rows, "ndjson"), rows.made(all_rows, "csv")
        # What is done, on how many rows, and the same on one row if its time is to be left out.
        work = {
            "`wc -l`": (["wc", "-l", ndjson], all_rows, None),
            "sonic-rs, parsing only": ([programs / "floor", "sonic", ndjson], all_rows, None),
            "serde_json, parsing only": ([programs / "floor", "serde", ndjson], all_rows, None),
            "**`backwise batch`, 1 thread**": (batch(ndjson, "1"), all_rows, None),
            "**`backwise batch`, 2 threads**": (batch(ndjson, "2"), all_rows, None),
            "**`backwise batch`, CSV, 1 thread**": (batch(table, "1"), all_rows, None),
        }
        if script:
            many, one = rows.made(few, "csv", "0"), rows.made(1, "csv", "0")
            for threads, title in (("1", "1 thread"), ("2", "2 threads")):
                duckdb = lambda file: [sys.executable, script, threads, file, "*"]
                work[f"DuckDB, the SELECT, CSV, {title}"] = (duckdb(many), few, duckdb(one))
        many, one = rows.made(few, "ndjson", "0"), rows.made(1, "ndjson", "0")
        for id, title in ENGINES.items():
            work[title] = (engine(id, many), few, engine(id, one))
        wc, costs = work["`wc -l`"], {name: [] for name in work}
        for at in range(arguments.rounds):
            print(f"round {at + 1} of {arguments.rounds}", file=sys.stderr)
            for name, (command, count, begin) in work.items():
                floor = measured(*wc[:2])
                cost = measured(command, count)
                if begin:
                    begun = measured(begin, count)
                    cost.clock -= begun.clock
                    cost.processor -= begun.processor
                costs[name].append((cost, floor))
        size = ndjson.stat().st_size / all_rows
        print(f"{all_rows:,} rows of {size:.0f} bytes; DuckDB and the rule engines {few:,}; "
              f"medians of {arguments.rounds} rounds\n")
        print("| what | ns a row | times `wc -l` | by processor time | MiB |\n"
              "|---|---:|---:|---:|---:|")
        shown = lambda ratio: f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}"
        for name, each in costs.items():
            clock = [cost.clock for cost, _ in each]
            if name == "`wc -l`":
                ratios = ["1", "1"]
            else:
                ratios = [
                    shown(statistics.median(cost.clock / floor.clock for cost, floor in each)),
                    shown(statistics.median(
                        cost.processor / floor.processor for cost, floor in each)),
                ]
            print(f"| {name} | {statistics.median(clock):,.0f} [{min(clock):,.0f}-"
                  f"{max(clock):,.0f}] | {ratios[0]} | {ratios[1]} | "
                  f"{max(cost.memory for cost, _ in each):.0f} |", flush=True)
        if arguments.turns > 1:
            taking_turns(arguments.turns, all_rows, ndjson, batch)
        if arguments.scale:
            print("\n| rows | ns a row | ns of processor time | MiB |\n|---:|---:|---:|---:|")
            for count in (10_000, 100_000, 1_000_000, 10_000_000):
                file = rows.many(count, ndjson, all_rows)
                rounds = [measured(batch(file, "1"), count) for _ in range(3)]
                clock = statistics.median(cost.clock for cost in rounds)
                processor = statistics.median(cost.processor for cost in rounds)
                memory = max(cost.memory for cost in rounds)
                print(f"| {count:,} | {clock:,.0f} | {processor:,.0f} | {memory:.1f} |", flush=True)
                file.unlink()


if __name__ == "__main__":
    main()
