#!/usr/bin/env python3
"""Writes what metrics are, found a second time by slow and plain roads: values of `nn-core/src/metrics`.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install numpy && SOMEWHERE/bin/python tests/oracle/metrics.py

Nothing but numpy, and no trick that the library uses: BLEU counts words in dictionaries, average precisions go through one
threshold after the other, kappa is made of probabilities. `records.py` says how the file is to be read;
`nn-core/tests/oracle/metrics.rs` reads it.
"""

from collections import Counter

import numpy as np
from records import Cases

CASES = Cases("metrics")


def bleu(pairs, smooth):
    """Papineni et al. 2002, section 2; smoothed as Lin and Och 2004."""
    length = sum(len(sentence) for sentence, _ in pairs)
    nearest = lambda sentence, references: min((abs(len(r) - len(sentence)), len(r)) for r in references)[1]
    wanted = sum(nearest(*pair) for pair in pairs)
    product = 1.0
    for n in range(1, 5):
        count = lambda words: Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
        hits = total = 0
        for sentence, references in pairs:
            found = count(sentence)
            allowed = [count(reference) for reference in references]
            hits += sum(min(times, max(a[gram] for a in allowed)) for gram, times in found.items())
            total += sum(found.values())
        more = 1 if smooth and n > 1 else 0
        product *= (hits + more) / (total + more) if total + more else 0.0
    return product**0.25 * (1.0 if length >= wanted else np.exp(1 - wanted / length)) if length else 0.0


def translations():
    for vocabulary, sentences in [(3, 1), (4, 7), (6, 40)]:
        case = CASES.case("bleu", vocabulary=vocabulary, shape=(sentences,))
        lengths = case.classes("lengths", (sentences, 3), 12)
        words = case.classes("words", (sentences, 3, 12), vocabulary)
        pairs = []
        for length, (sentence, *references) in zip(lengths, words):
            # Mostly what the first reference says.
            sentence = np.where(np.arange(12) % 5 == 4, sentence, references[0])[: length[0]]
            pairs.append((list(sentence), [list(r[:n]) for r, n in zip(references, length[1:])]))
        case.expect("score", [bleu(pairs, smooth=False), bleu(pairs, smooth=True)])


def overlap(a, b):
    """By hand, in width times height."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    area = lambda c: (c[2] - c[0]) * (c[3] - c[1])
    return width * height / (area(a) + area(b) - width * height)


def judged(pictures, least, coco):
    """`(score, is right)` of all detections of one class, and the number of truths."""
    found, truths = [], 0
    for detections, boxes in pictures:
        truths += len(boxes)
        left = set(range(len(boxes)))
        for score, box in sorted(detections, key=lambda d: -d[0])[: 100 if coco else None]:
            among = sorted(left) if coco else range(len(boxes))
            best = max(among, key=lambda t: overlap(boxes[t], box), default=None)
            right = best is not None and overlap(boxes[best], box) >= least and best in left
            if right:
                left.remove(best)
            found.append((score, right))
    return found, truths


def average_precision(pictures, least, coco):
    """One threshold of the score after the other."""
    found, truths = judged(pictures, least, coco)
    curve = []
    for threshold in sorted({score for score, _ in found}, reverse=True):
        kept = [right for score, right in found if score >= threshold]
        curve.append((sum(kept) / truths, sum(kept) / len(kept)))
    highest = lambda recall: max((p for r, p in curve if r >= recall), default=0.0)
    if coco:
        return np.mean([highest(recall) for recall in np.arange(101) / 100])
    recalls = [0.0] + [recall for recall, _ in curve]
    return sum((after - before) * highest(after) for before, after in zip(recalls, recalls[1:]))


def boxes(case, name, shape):
    places = case.fill(name, (*shape, 2), 1.5, 0.75)
    sizes = case.fill(name + "_sizes", (*shape, 2), 1.0, 1.0)
    return np.concatenate([places, places + sizes], axis=-1)


def detections():
    for pictures, found, there, classes in [(1, 3, 2, 1), (5, 8, 4, 2), (12, 20, 9, 4)]:
        case = CASES.case("detections", pictures=pictures, found=found, there=there, classes=classes, shape=(1,))
        truths, guesses = boxes(case, "truths", (pictures, there)), boxes(case, "guesses", (pictures, found))
        # Half of the guesses are near a truth.
        for guess in range(0, found, 2):
            guesses[:, guess] = 0.25 * guesses[:, guess] + 0.75 * truths[:, guess % there]
        scores = case.fill("scores", (pictures, found), 1.0, 0.5)
        of_truths = case.classes("of_truths", (pictures, there), classes)
        of_guesses = case.classes("of_guesses", (pictures, found), classes)
        of_guesses[:, ::2] = of_truths[:, np.arange(0, found, 2) % there]

        def mean(least, coco):
            values = []
            for own in range(classes):
                one = [
                    ([(s, b) for s, b, c in zip(*guess) if c == own], [b for b, c in zip(*truth) if c == own])
                    for guess, truth in zip(zip(scores, guesses, of_guesses), zip(truths, of_truths))
                ]
                if any(there for _, there in one):
                    values.append(average_precision(one, least, coco))
            return np.mean(values)

        every = [mean(0.5 + 0.05 * step, coco=True) for step in range(10)]
        case.expect("coco", [np.mean(every), every[0], every[5]])
        case.expect("voc", [mean(0.5, coco=False), mean(0.3, coco=False)])


def rankings():
    """Sorted, no two outputs being equal."""
    for items, queries in [(2, 3), (7, 5), (30, 9)]:
        case = CASES.case("ranking", shape=(items,), samples=queries)
        outputs = case.fill("outputs", (queries, items), 2.0)
        belongs = case.fill("targets", (queries, items), 1.0, 0.3) > 0.5
        precisions, firsts = [], []
        for row, own in zip(outputs, belongs):
            hits = own[np.argsort(-row)]
            if hits.any():
                precisions.append(np.mean([hits[: place + 1].mean() for place in np.flatnonzero(hits)]))
                firsts.append(1 / (np.flatnonzero(hits)[0] + 1))
        case.expect("means", [np.mean(precisions), np.mean(firsts)])


def confusions():
    for classes, samples in [(2, 9), (5, 60), (10, 200)]:
        case = CASES.case("confusion", shape=(classes,), samples=samples)
        outputs = case.fill("outputs", (samples, classes), 2.0)
        truths = case.classes("targets", (samples,), classes)
        found = outputs.argmax(axis=1)
        counts = np.zeros((classes, classes))
        np.add.at(counts, (truths, found), 1)
        case.expect("counts", counts)
        right = np.mean(truths == found)
        chance = sum(np.mean(truths == c) * np.mean(found == c) for c in range(classes))
        case.expect("kappa", [(right - chance) / (1 - chance)])


def main():
    translations()
    detections()
    rankings()
    confusions()
    CASES.write()


if __name__ == "__main__":
    main()
