#!/usr/bin/env python3
"""What a row costs, in one run: `wc -l`, two general JSON parsers alone, `backwise batch` with one
and two threads, and DuckDB on the exported SELECT.

    python3 -m venv /tmp/engines && /tmp/engines/bin/pip install duckdb
    /tmp/engines/bin/python benches/batch.py [--rows 1000000] [--rounds 5] [--scale]

Medians; brackets hold the fastest and the slowest round. Rounds take turns, so that whatever else
the machine does burdens all alike.
"""

import argparse
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parents[1]


def built(folder, *arguments):
    subprocess.run(["cargo", "build", "--release", "--quiet", *arguments], check=True, cwd=folder)
    target = os.environ.get("CARGO_TARGET_DIR")
    return (pathlib.Path(target) if target else pathlib.Path(folder) / "target") / "release"


def measured(command):
    """Seconds and the most memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
    # 65: rows that do not fit are part of the work.
    if os.waitstatus_to_exitcode(status) not in (0, 65):
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return taken, used.ru_maxrss / 1024


def duckdb_script(folder, backwise, rows_csv):
    """DuckDB reads the rows as CSV, as the SELECT's table of answers, and writes NDJSON."""
    export = lambda *more: subprocess.run(
        [backwise, "export", "sql", *more], check=True, capture_output=True, text=True).stdout
    select = export().rstrip().rstrip(";")
    select = re.sub(r"^--.*\n", "", select, flags=re.M)
    header = [line.split()[0] for line in export("--ddl").splitlines() if line.startswith("  ")]
    names = ", ".join(
        '"' + name.removeprefix("q_").replace("_", "-") + '" AS ' + name for name in header)
    script = folder / "duck.py"
    script.write_text(f"""
import duckdb, sys
database = duckdb.connect()
database.execute("SET threads = " + sys.argv[1])
database.execute('''CREATE VIEW answers AS
  SELECT {names} FROM read_csv('{rows_csv}', all_varchar = true, header = true)''')
database.execute('''COPY ({select}) TO '/dev/null' (FORMAT json)''')
""")
    return script


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", action="store_true", help="10 thousand to 10 million rows too")
    arguments = parser.parse_args()
    backwise = str(built(HOME) / "backwise")
    programs = built(HOME / "benches")
    with tempfile.TemporaryDirectory(prefix="backwise-bench-") as name:
        folder = pathlib.Path(name)

        def rows(count, form, errors="3"):
            file = folder / f"{count}.{form}"
            with open(file, "wb") as out:
                subprocess.run([programs / "generate", "1", str(count), form, errors],
                               stdout=out, check=True)
            return file

        ndjson, few = rows(arguments.rows, "ndjson"), rows(20_000, "ndjson", "0")
        table, few_table = rows(arguments.rows, "csv"), rows(20_000, "csv")
        batch = lambda file, threads: [backwise, "batch", "--quiet", "--threads", threads, file]
        work = {
            "wc -l": (["wc", "-l", ndjson], arguments.rows),
            "sonic-rs, parse only": ([programs / "floor", "sonic", ndjson], arguments.rows),
            "serde_json, parse only": ([programs / "floor", "serde", ndjson], arguments.rows),
            "backwise batch, 1 thread": (batch(ndjson, "1"), arguments.rows),
            "backwise batch, 2 threads": (batch(ndjson, "2"), arguments.rows),
            "backwise batch, CSV, 1 thread": (batch(table, "1"), arguments.rows),
        }
        try:
            import duckdb  # noqa: F401

            script = duckdb_script(folder, backwise, few_table)
            for threads in ("1", "2"):
                command = [sys.executable, script, threads]
                work[f"DuckDB, our SELECT, {threads} thread(s)"] = (command, 20_000)
        except ImportError:
            print("DuckDB is not installed and is left out", file=sys.stderr)
        taken = {name: [] for name in work}
        memory = dict.fromkeys(work, 0.0)
        for _ in range(arguments.rounds):
            for name, (command, _) in work.items():
                seconds, used = measured(command)
                taken[name].append(seconds)
                memory[name] = max(memory[name], used)
        floor = statistics.median(taken["wc -l"]) / arguments.rows
        size = ndjson.stat().st_size
        print(f"{arguments.rows} rows, {size / arguments.rows:.0f} bytes each, "
              f"medians of {arguments.rounds} rounds\n")
        print("| what | ns a row | M rows/s | times `wc -l` | MiB |\n|---|---:|---:|---:|---:|")
        for name, (_, count) in work.items():
            each = sorted(seconds / count * 1e9 for seconds in taken[name])
            middle = statistics.median(each)
            print(f"| {name} | {middle:.0f} [{each[0]:.0f}-{each[-1]:.0f}] | {1e3 / middle:.2f} | "
                  f"{middle / 1e9 / floor:.1f} | {memory[name]:.1f} |")
        if arguments.scale:
            print("\n| rows | ns a row | MiB |\n|---:|---:|---:|")
            for count in (10_000, 100_000, 1_000_000, 10_000_000):
                file = rows(count, "ndjson")
                rounds = [measured(batch(file, "1")) for _ in range(3)]
                middle = statistics.median(seconds for seconds, _ in rounds) / count * 1e9
                print(f"| {count} | {middle:.0f} | {max(used for _, used in rounds):.1f} |")
                file.unlink()


if __name__ == "__main__":
    main()
