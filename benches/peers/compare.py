"""Sets netform beside its peers, interleaved, and prints one table. Started by `run`; see ../README.md."""

import argparse
import json
import math
import statistics
import sys
import tempfile

from peers import PEERS, Worker
from rows import ROWS

MULTIPLY_ADDS = 9_600_000  # of one call of the task `machine peak`
CACHES = [("L1", 24), ("L2", 256), ("L3", 8192), ("memory", 131072)]  # KiB that are read
PEAK = "machine peak"  # asked for beside each figure of known arithmetic, too: neighbours take a part of the machine for minutes


def arguments():
    parser = argparse.ArgumentParser(prog="benches/peers/run", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose task holds one of these words, by commas")
    parser.add_argument("--peers", default="", metavar="NAMES", help="only these peers, by commas")
    parser.add_argument("--without", default="", metavar="NAMES", help="all but these peers, by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="time for one figure of one peer in one round")
    parser.add_argument("--threads", default="1,2", help="numbers of threads, by commas")
    parser.add_argument("--fastest", action="store_true", help="the fastest round counts, not the median: for a busy machine")
    parser.add_argument("--json", metavar="FILE", help="where the times of all rounds go, too")
    return parser.parse_args()


def words(text):
    return [word for word in text.split(",") if word]


def chosen(options):
    rows = [row for row in ROWS if not options.only or any(word in row.task for word in words(options.only))]
    named, without = words(options.peers), words(options.without)
    peers = []
    for peer in PEERS:
        if peer.name != "netform" and (named and peer.name not in named or peer.name in without):
            continue
        if peer.missing():
            print(f"{peer.name} is not built, and left out", file=sys.stderr)
        else:
            peers.append(peer)
    return rows, peers


def measure(rows, peers, options, log):
    """For each (task, threads) a dictionary of times by peer for each round. One peer after the other, again and again."""
    threads = [int(number) for number in words(options.threads)]
    jobs = [(row.task, number) for row in rows for number in threads if number == 1 or row.two_threads]
    jobs += [(f"machine {what}", number) for number in threads[:1] for what in ["peak", *(size for _, size in CACHES)]]
    with_peak = {(row.task, 1) for row in rows if row.flops}
    workers = {(peer.name, number): Worker(peer, number, log) for number in threads for peer in peers}
    rounds = {job: [] for job in jobs}
    try:
        for turn in range(options.rounds + 1):
            print("warming up" if turn == 0 else f"round {turn} of {options.rounds}", file=sys.stderr)
            for task, number in jobs:
                times = {peer.name: workers[peer.name, number].ask(task, options.seconds if turn else 0) for peer in peers}
                if (task, number) in with_peak:
                    times[PEAK] = workers["netform", number].ask(PEAK, options.seconds / 2)
                if turn:
                    rounds[task, number].append({name: seconds for name, seconds in times.items() if seconds is not None})
    finally:
        for worker in workers.values():
            worker.end()
    return rounds


def together(rounds, is_fastest):
    """One time for each peer: the median of all rounds, or the fastest."""
    names = dict.fromkeys(name for times in rounds for name in times)
    of_rounds = min if is_fastest else statistics.median
    return {name: of_rounds([times[name] for times in rounds if name in times]) for name in names}


def times_faster(rounds, other, is_fastest):
    """How many times `other` takes netform's time: the median of the rounds' ratios, since both were measured within a few
    seconds, while a machine that is shared is another one a minute later."""
    if is_fastest:
        fastest = together(rounds, True)
        return fastest[other] / fastest["netform"]
    return statistics.median(times[other] / times["netform"] for times in rounds if other in times and "netform" in times)


def time(seconds):
    for unit, factor in [("s", 1), ("ms", 1e3), ("µs", 1e6)]:
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}" if seconds * factor < 1000 else f"{seconds * factor:.0f} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def best(medians, names=()):
    """The fastest peers first: pairs of seconds and name."""
    others = [(seconds, name) for name, seconds in medians.items() if name not in ("netform", PEAK)]
    return sorted((seconds, name) for seconds, name in others if not names or name in names)


def line(row, threads, rounds, medians, is_fastest):
    """One line of the table: its cells, and the ratio. `medians` are the rounds' times `together`."""
    ours, ranked = medians["netform"], best(medians)
    goal = best(medians, row.against)[:1]
    share = None
    if PEAK in medians:
        share = row.flops / (2 * MULTIPLY_ADDS) * times_faster(rounds, PEAK, is_fastest)
    ratio = share if row.of_peak else times_faster(rounds, goal[0][1], is_fastest) if goal else None
    asked = [f"{row.goal:.0%} of peak" if row.of_peak else f"≥ {row.goal:g}×"] if row.goal else []
    asked += [f"< {time(row.limit)}"] if row.limit else []
    is_met = (ratio is None or row.goal is None or ratio >= row.goal) and (row.limit is None or ours < row.limit)
    cells = [
        row.label,
        str(threads),
        time(ours) + (f" ({share:.0%})" if share else ""),
        f"{goal[0][1]} {time(goal[0][0])}" if goal else "–",
        "–" if ratio is None else f"{ratio:.0%}" if row.of_peak else f"{ratio:.2f}×",
        ", ".join(asked) or "–",
        "yes" if is_met else "**no**",
        ", ".join(f"{name} {time(seconds)}" for seconds, name in ranked[:4]),
    ]
    return cells, ratio


def report(rows, found, is_fastest):
    medians = {job: together(rounds, is_fastest) for job, rounds in found.items()}
    threads = sorted({number for _, number in found})
    machine = {task: by["netform"] for (task, _), by in medians.items() if task.startswith("machine")}
    peak = 2 * MULTIPLY_ADDS / machine[PEAK]
    print(f"One core: {peak * 1e-9:.0f} GFLOP/s; reads", end=" ")
    print(", ".join(f"{name} {size * 1024 / machine[f'machine {size}'] * 1e-9:.0f}" for name, size in CACHES), "GB/s\n")
    print("| work | threads | netform (of peak) | best peer of the goal | ratio | goal | met | fastest peers |")
    print("|---|---|---|---|---|---|---|---|")
    large = []
    for row in rows:
        for number in threads:
            of_all = medians.get((row.task, number), {})
            if "netform" not in of_all:
                if number == 1:
                    print(f"| {row.label} | 1 | cannot yet | " + "– | – | – | – | " + ", ".join(f"{name} {time(seconds)}" for seconds, name in best(of_all)[:4]) + " |")
                continue
            cells, ratio = line(row, number, found[row.task, number], of_all, is_fastest)
            print("| " + " | ".join(cells) + " |")
            if row.against == ("gemm",) and ratio:
                large.append(ratio)
    if large:
        mean = math.exp(statistics.fmean(map(math.log, large)))
        print(f"\nGEMM from 128³, geometric mean of the ratios to the gemm crate: {mean:.3f} (goal ≥ 1.0)")
    scaling(rows, medians)


def scaling(rows, medians):
    both = [(row, medians.get((row.task, 1), {}), medians.get((row.task, 2), {})) for row in rows]
    both = [(row, one["netform"] / two["netform"]) for row, one, two in both if "netform" in one and "netform" in two]
    if both:
        print("\nnetform with two threads against one (goal ≥ 1.85 for batches of 128 and more):")
        print("\n".join(f"- {row.label}: {ratio:.2f}" for row, ratio in both))


def main():
    options = arguments()
    rows, peers = chosen(options)
    with tempfile.NamedTemporaryFile("w", prefix="peers-", suffix=".log", delete=False) as log:
        print(f"what peers say goes to {log.name}", file=sys.stderr)
        found = measure(rows, peers, options, log)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({f"{task}, {threads}": by for (task, threads), by in found.items()}, file, indent=1)
    report(rows, found, options.fastest)


main()
