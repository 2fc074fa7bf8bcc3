"""Prints the budget of a request: python3 bench/budget.py STEPS.json WHOLE [OUT.json], as bench/steps calls it.

STEPS.json is what JMH wrote; a line of WHOLE has requests a second, errors, µs of CPU and bytes a request.
"""

import json
import sys

# What is said of a step, its benchmark, and of which other one it is to be taken off.
STEPS = [
    ("authenticate: the key is told by its hash", "AuthenticateBenchmark.known", None),
    ("throttle: the body is scanned", "JsonScanBenchmark.scan 400", None),
    ("throttle: a key's limits are taken and settled", "ThrottleBenchmark.one", None),
    ("classify: 300 characters", "ClassifyBenchmark.trained", None),
    ("cache-lookup: normal form and hash", "CacheKeyBenchmark.key 400", None),
    ("provider-choice: the rules decide", "DecisionBenchmark.live", "DecisionBenchmark.exchange"),
    ("ledger: a row is encoded into its segment", "RowBenchmark.append", None),
    ("meters", "AnswerBenchmark.meters", None),
    ("the answer's headers", "AnswerBenchmark.headers", None),
]
ASIDE = [
    ("the body is scanned, 32 KB", "JsonScanBenchmark.scan 32768", None),
    ("normal form and hash, 32 KB", "CacheKeyBenchmark.key 32768", None),
    ("limits of key, team, model and gateway, two budgets", "ThrottleBenchmark.four", None),
    ("a stream's chunk is read along", "TapBenchmark.read", None),
    ("the same, kept for the cache", "TapBenchmark.copied", None),
    ("a row's bytes alone", "RowBenchmark.encode", None),
]
MICROS = {"ns/op": 1e-3, "us/op": 1}


def read(path):
    """µs, spread of them, and bytes of each benchmark, by its name and the size that it was given."""
    found = {}
    with open(path) as file:
        for one in json.load(file):
            name = ".".join(one["benchmark"].split(".")[-2:])
            size = one.get("params", {}).get("bytes")
            score = one["primaryMetric"]
            scale = MICROS[score["scoreUnit"]]
            spread = score["scoreError"] if isinstance(score["scoreError"], float) else float("nan")
            extra = one["secondaryMetrics"]
            allocated = next(value["score"] for key, value in extra.items() if "alloc.rate.norm" in key)
            found[name + (" " + size if size else "")] = (score["score"] * scale, spread * scale, allocated)
    return found


def rows(steps, found):
    result = []
    for said, name, less in steps:
        missing = [one for one in (name, less) if one and one not in found]
        if missing:
            sys.exit(f"JMH has no result of {', '.join(missing)}: bench/steps asks it for too little.")
        micros, _, allocated = found[name]
        if less:
            micros, allocated = micros - found[less][0], allocated - found[less][2]
        result.append({"step": said, "micros": round(micros, 3), "bytes": round(allocated)})
    return result


def main(steps, whole, out=None):
    found = read(steps)
    with open(whole) as file:
        measured = sorted(([float(part) for part in line.split()] for line in file), key=lambda row: row[2])
    rate, errors, cpu, allocated = measured[len(measured) // 2]
    budget, aside = rows(STEPS, found), rows(ASIDE, found)
    micros, taken = sum(row["micros"] for row in budget), sum(row["bytes"] for row in budget)
    print("\n| step | µs | bytes | of the whole |\n|---|---|---|---|")
    for row in budget:
        print(f"| {row['step']} | {row['micros']:.2f} | {row['bytes']:,} | {row['micros'] / cpu:.1%} |")
    print(f"| **all of these** | {micros:.2f} | {taken:,} | {micros / cpu:.1%} |")
    print(f"| left over: kernel, engine, relay, Camel, collector | {cpu - micros:.2f} | {allocated - taken:,.0f} | {1 - micros / cpu:.1%} |")
    print(f"| **a whole request**: CPU, at {rate:,.0f} a second, {errors:.0f} errors | {cpu:.2f} | {allocated:,.0f} | |")
    print("\n| besides | µs | bytes |\n|---|---|---|")
    for row in aside:
        print(f"| {row['step']} | {row['micros']:.2f} | {row['bytes']:,} |")
    if out:
        whole = {"rate": rate, "micros": round(cpu, 2), "bytes": round(allocated), "errors": int(errors)}
        with open(out, "w") as file:
            json.dump({"steps": budget, "besides": aside, "whole": whole}, file, indent=1)


main(*sys.argv[1:])
