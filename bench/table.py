"""The results as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def text(results: dict) -> str:
    """Return every measured part as a table, with the machine's load and the limits."""
    load = " ".join(str(value) for value in results["load_before"])
    parts = [f"{results['cores']} cores, load before {load}; each ratio is of one run on one machine"]
    if "loading" in results:
        parts.append(_loading(results["loading"]))
    if "peers" in results:
        parts.append(_peers(results["peers"]))
    if "build" in results:
        parts += [_build(results["build"]), _rendering(results["rendering"])]
    if "growth" in results:
        parts.append(_growth(results["growth"]))
    return "\n\n".join(parts)


WAYS = {
    "copy": "raw COPY",
    "pandas": "pandas to_sql",
    "ingest": "ingest, all checks",
    "second_snapshot": "ingest, 1% changed",
    "same_bytes": "ingest, the same bytes",
}
LIMITS = {"rate_of_copy": "of COPY's rate", "peak_mb": "MiB", "seconds": "seconds"}


def _loading(sizes: list[dict]) -> str:
    lines = []
    for size in sizes:
        rows, ratios, base = f"{size['rows']:,} {size['format']}", size["ratios"], size["copy"]
        for way, label in WAYS.items():
            if way in size:
                lines.append((rows, label, *_costs(size[way]), *_of(size[way], base)))
        second = (
            f"  second of first: seconds {ratios['second_seconds_of_first']},"
            f" processor {ratios['second_cpu_of_first']}, rows {ratios['second_rows_written_of_first']}"
        )
        lines.append((rows, second))
        lines += [(rows, f"  {judged(size, name, limit)}") for name, limit in size["limits"].items()]
    heads = ("rows", "how", "seconds", "rows/s", "peak MiB", "rate of COPY", "memory of COPY")
    return _table("Loading", heads, lines)


def judged(size: dict, name: str, limit: float) -> str:
    """Say what one size of a format has reached of a limit: of memory both snapshots must keep it, else the first."""
    found = {
        "rate_of_copy": size["ratios"]["rate_of_copy"],
        "peak_mb": max(size[way]["peak_mb"] for way in ("ingest", "second_snapshot")),
        "seconds": size["ingest"]["seconds"],
    }[name]
    is_kept = found >= limit if name == "rate_of_copy" else found <= limit
    which = "both snapshots" if name == "peak_mb" else "ingest"
    return f"limit of {which}: {limit} {LIMITS[name]}, {'kept' if is_kept else 'BROKEN'}: {found}"


def _peers(found: list[dict]) -> str:
    lines = []
    for one in found:
        if "left_out" in one:
            lines.append((one["peer"], one["left_out"]))
            continue
        for who, label in (("theirs", "peer"), ("ours", "ingest")):
            cost = one[who]
            lines.append((one["peer"], one["file"], label, f"{cost['seconds']:.2f}", f"{cost['peak_mb']:.0f}"))
        limit = f", limit {one['limit']}" if one["limit"] else ""
        lines.append((one["peer"], f"  times as fast: {one['ratio']}{limit}"))
    return _table("Peers on the same files", ("peer", "file", "who", "seconds", "peak MiB"), lines)


def _costs(found: dict) -> tuple[str, str, str]:
    return f"{found['seconds']:.3f}", f"{found['rows_per_second']:,}", f"{found['peak_mb']:.0f}"


def _of(found: dict, base: dict) -> tuple[str, str]:
    return f"{base['seconds'] / found['seconds']:.3f}", f"{found['peak_mb'] / base['peak_mb']:.2f}"


def _build(found: dict) -> str:
    limit = found["limits"]
    head = (
        f"Build of {found['children']:,} children, {found['years']} years ({found['rows_read']:,} rows): "
        f"{found['build_seconds']} s, the first time {found['first_build_seconds']} s, "
        f"{found['build_peak_mb']:.0f} MiB; {found['ratios']['seconds_of_limit']} of the limit"
        f" ({limit['seconds']:.0f} s for {limit['at_children']:,} children)"
    )
    slowest = _table("Slowest models", ("model", "seconds"), [(n, f"{s:.3f}") for n, s in found["slowest"].items()])
    largest = _table(
        f"The slowest beside their select as plain SQL (limit {limit['models_of_hand']}) and writing the rows again",
        ("model", "rows", "seconds", "plain s", "ratio", "rewrite s"),
        [
            (
                name,
                f"{one['rows']:,}",
                f"{one['seconds']:.3f}",
                f"{one['plain_seconds']:.3f}",
                str(one["ratio"]),
                f"{one['rewrite_seconds']:.3f}",
            )
            for name, one in found["largest"].items()
        ],
    )
    hand = _table(
        "The same sums by hand (one indicator, by month and team) beside dbt's models (every level, period, breakdown)",
        ("indicator", "by hand s", "models s", "ratio", "indicators", "ratio an indicator", "figures", "agree"),
        [
            (
                one["indicator"],
                f"{one['seconds']:.4f}",
                f"{one['model_seconds']:.3f}",
                str(one["ratio"]),
                str(one["indicators_of_models"]),
                str(one["ratio_an_indicator"]),
                str(one["figures"]),
                "yes" if one["agrees"] else "NO",
            )
            for one in found["by_hand"]
        ],
    )
    return "\n\n".join((head, slowest, largest, hand))


def _growth(sizes: list[dict]) -> str:
    lines = [
        (
            f"{one['children']:,}",
            f"{one['rows_read']:,}",
            f"{one['seconds']:.1f}",
            f"{one['cpu_seconds']:.1f}",
            f"{one['peak_mb']:.0f}",
            f"{one['server_peak_mb']:.0f}",
            *(str(one[f"{name}_of_proportion"]) for name in ("seconds", "cpu_seconds", "peak_mb", "server_peak_mb")),
        )
        for one in sizes
    ]
    heads = ("children", "rows", "seconds", "CPU s", "MiB", "server MiB", "seconds", "CPU s", "MiB", "server MiB")
    return _table("Growth of the build; the last four beside growth in proportion (1)", heads, lines)


def _rendering(found: dict) -> str:
    return (
        f"Rendering {found['report']}: {found['reports']} reports ({found['files']} files)"
        f" in {found['seconds']:.2f} s, "
        f"{found['seconds_a_report']:.3f} s a report; the first {found['first_seconds']:.2f} s, "
        f"a later one {found['later_seconds']:.3f} s; {found['peak_mb']:.0f} MiB"
    )


def _table(title: str, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; a line of fewer cells than heads spans the rest."""
    whole = [heads, *lines]
    full = [line for line in whole if len(line) == len(heads)]
    widths = [max(len(line[i]) for line in full) for i in range(len(heads))]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip() for line in whole]
    return "\n".join([title, *rows])
