"""`grammy bench loudness --peer --json` reaches what is asked for, in one run."""

from __future__ import annotations

from tests.acceptance.context import Context


def run(context: Context) -> None:
    done = context.grammy("bench", "loudness", "--peer", "--json", "--quiet", timeout=600)
    context.check("the command succeeds", done.code == 0, done.code)
    result = done.json()
    for item in result["items"]:
        what = f"{item['what']} {'beside ' + item['peer'] if item['peer'] else 'alone'}".strip()
        seen = item["ratio"] if item["peer"] else item["ours"]
        context.check(f"{what}: {item['goal']}", item["passed"] is True, seen)
        context.figure(f"CPU seconds, {what}", {"ours": item["ours_cpu_s"], "theirs": item["theirs_cpu_s"]})
    compared = {item["peer"] for item in result["items"] if item["ratio"] is not None}
    context.check("both peers in the same run", compared == {"pyebur128", "pyloudnorm"}, sorted(compared))
    context.figure("peak memory, MB", result["peak_rss_mb"])
    context.figure("machine", result["machine"])
