"""Named benchmarks, each beside a peer in the same run: `registry` knows them, `grammy bench NAME --peer` runs them.

A benchmark is a file of this package with `run(peers, progress) -> BenchResult`. Times are taken by `timing.alternate`
(both sides warm, in turn), cold times and peak memory by `child.in_child` (each side in a process of its own).
"""
