"""Sets Concord's statistics beside numpy's, scipy's and pandas' on the same tables in one run: python statistics.py.

Builds `benches/statistics.rs` with the feature `bench`, writes the tables, and prints the least wall time of each side and their ratio.
"""

import pathlib
import subprocess
import tempfile
import time

import numpy as np
from scipy.stats import kendalltau, permutation_test

ROOT = pathlib.Path(__file__).parents[2]
REPLICATES, DRAWS, PERMUTATIONS = 1000, 10_000, 999


def tables(random):
    mood = random.normal(size=100_000)
    items = [np.clip(np.round(3 + mood + random.normal(size=mood.size)), 1, 5) for _ in range(20)]
    levels = random.integers(0, 10, 1_000_000).astype(float)
    drivers = random.normal(size=(1000, 12)) + random.normal(size=(1000, 1))
    outcome = drivers @ np.linspace(0.1, 0.5, 12) + random.normal(size=1000) * 3
    return {
        "pair": np.array([levels, np.clip(levels + random.integers(-4, 5, levels.size), 0, 9)]),
        "matrix": np.array(items),
        "continuous": np.array([mood + random.normal(size=mood.size) for _ in range(20)]),
        "drivers": np.column_stack([outcome, drivers]).T,
        "groups": np.array([random.normal(size=1_000_000), random.integers(0, 2, 1_000_000).astype(float)]),
        "ranks": np.array([random.normal(70, 5, 500), random.uniform(1, 3, 500)]),
    }


def least(task, runs):
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        task()
        times.append(time.perf_counter() - begin)
    return min(times)


def matrix_of(columns, pairs):
    """Times some pairs of a 20 by 20 matrix and says how long all 190 take."""
    chosen = [(i, i + 1) for i in range(pairs)]
    return least(lambda: [kendalltau(columns[i], columns[j]) for i, j in chosen], 1) * 190 / pairs


def lmg_shares(correlation):
    """LMG by its definition over all subsets of 12 drivers, R² of each from one solve over a batch of its size."""
    p = correlation.shape[0] - 1
    masks = np.arange(1 << p)
    sizes = np.array([bin(mask).count("1") for mask in masks])
    r_squared = np.zeros(1 << p)
    for size in range(1, p + 1):
        own = masks[sizes == size]
        places = np.array([[k + 1 for k in range(p) if mask >> k & 1] for mask in own])
        inner = correlation[places[:, :, None], places[:, None, :]]
        outer = correlation[places, 0]
        r_squared[own] = np.einsum("ij,ij->i", outer, np.linalg.solve(inner, outer[..., None])[..., 0])
    weight = np.array([1 / (p * _binomial(p - 1, size)) for size in range(p)])
    shares = []
    for k in range(p):
        without = masks[(masks >> k & 1) == 0]
        shares.append(np.sum(weight[sizes[without]] * (r_squared[without | 1 << k] - r_squared[without])))
    return np.array(shares)


def _binomial(n, k):
    return float(np.prod([(n - i) / (i + 1) for i in range(k)]))


def lmg(columns, random):
    """Times some replicates of a bootstrap of LMG and says how long all take."""
    rows, some = columns.T, 20

    def replicate():
        lmg_shares(np.corrcoef(rows[random.integers(0, len(rows), len(rows))], rowvar=False))

    return least(lambda: [replicate() for _ in range(some)], 1) * REPLICATES / some


def permutation(columns):
    """Times some permutations of two groups' means and says how long all take."""
    groups, some = [columns[0][columns[1] == group] for group in (0, 1)], 9

    def difference(first, second, axis):
        return np.mean(first, axis=axis) - np.mean(second, axis=axis)

    def test():
        permutation_test(groups, difference, n_resamples=some, vectorized=True, batch=1)

    return least(test, 1) * PERMUTATIONS / some


def rank_draws(columns, random):
    def draw():
        drawn = random.normal(columns[0], columns[1], size=(DRAWS, columns.shape[1]))
        ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
        return ranks.mean(axis=0), np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf")

    return least(draw, 3)


def main():
    random = np.random.default_rng(1)
    made = tables(random)
    build = ["cargo", "run", "--release", "--quiet", "--features", "bench", "--example", "statistics", "--"]
    with tempfile.TemporaryDirectory() as folder:
        for name, columns in made.items():
            (pathlib.Path(folder) / f"{name}.f64").write_bytes(columns.astype("<f8").tobytes())
        said = subprocess.run([*build, folder], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    own = {task: float(seconds) for task, seconds in (line.split() for line in said.splitlines())}
    peers = {
        "kendall_pair": ("scipy.stats.kendalltau", least(lambda: kendalltau(*made["pair"]), 3)),
        "kendall_matrix": ("scipy, a pair at a time", matrix_of(made["matrix"], 10)),
        "kendall_continuous": ("scipy, a pair at a time", matrix_of(made["continuous"], 10)),
        "lmg": ("numpy, batched solves", lmg(made["drivers"], random)),
        "permutation": ("scipy, some permutations", permutation(made["groups"])),
        "rank_draws": ("numpy, argsort twice", rank_draws(made["ranks"], random)),
    }
    print(f"{'task':20} {'concord':>9} {'peer':>9} {'ratio':>7}")
    for task, (name, seconds) in peers.items():
        print(f"{task:20} {own[task]:8.4f}s {seconds:8.4f}s {seconds / own[task]:7.1f}  {name}")


if __name__ == "__main__":
    main()
