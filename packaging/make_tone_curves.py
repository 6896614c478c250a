"""Makes resources/tone/curves.json: how released music of each group of genres is balanced, from tables of features.

    python packaging/make_tone_curves.py FOLDER [OUTPUT]

FOLDER holds `4q_features_train.parquet` and `emotify_features_train.parquet` (third-octave levels `ltas_*` of each
track). Needs pyarrow, which the app itself does not. The result holds percentiles of groups of at least 20 tracks: no
track, no title, no audio.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

LEAST_TRACKS = 20
CENTRES = [31, 39, 50, 62, 79, 99, 125, 157, 198, 250, 315, 397, 500, 630, 794, 1000, 1260, 1587, 2000, 2520, 3175]
CENTRES += [4000, 5040, 6350, 8000, 10079]
FIRST, LAST = 8, 22
"""Bands 198 to 5,040 Hz: each track is brought to a mean of 0 dB over them, so that a boom at 60 Hz or a missing treble
stays where it is and does not shift the rest."""
FULL_BAND = 7000.0
"""Hz: tracks stored at less than 32 kHz lose their treble to the encoder above it; only the others count there."""
FIGURES = ("plr", "lra", "crest_db", "side_mid_db", "lr_corr_low", "lr_bal_db")

# Group: (table, words of which a track's genres must hold one, words they must not hold, name in a sentence)
GROUPS = {
    "all": ("4q", (), (), "released music of all kinds"),
    "pop": ("4q", ("Pop/Rock",), ("Electronic", "Jazz", "Rap", "Classical", "Stage & Screen"), "released pop and rock"),
    "electronic": ("4q", ("Electronic",), ("Classical",), "released electronic music"),
    "rap": ("4q", ("Rap",), (), "released rap"),
    "rnb": ("4q", ("R&B", "Reggae"), ("Rap", "Blues"), "released R&B, soul and reggae"),
    "jazz": ("4q", ("Jazz",), ("Rap",), "released jazz"),
    "folk": ("4q", ("Country", "Folk"), ("Electronic", "Rap"), "released country and folk"),
    "orchestral": ("emotify", ("classical",), (), "released orchestral and chamber music"),
    "downtempo": ("emotify", ("electronic",), (), "released downtempo electronic music"),
}
STYLES = {
    "pop": "pop indie_rock hard_rock metal rock_ballad",
    "electronic": "house deep_house techno drum_and_bass dubstep synthwave edm tropical_house",
    "rap": "boom_bap trap uk_drill",
    "rnb": "funk soul reggae afrobeats reggaeton",
    "jazz": "jazz_ballad bossa_nova",
    "folk": "country folk",
    "orchestral": "neoclassical",
    "downtempo": "ambient lofi",
}
ABOUT = "Third-octave balance of released music per group of genres: 10th, 50th and 90th percentile, dB, mono sum."
LICENCE = (
    "Aggregate statistics computed for this project; no audio, track or title. The music and the data sets stay with"
    " their makers and are for research use. See README.txt."
)
SOURCES = [
    "4Q audio emotion data set: Panda, Malheiro, Paiva 2018, IEEE TAFFC, doi 10.1109/TAFFC.2018.2820691 (research use)",
    "Emotify: Aljanaki, Wiering, Veltkamp 2016; music by Magnatune, CC BY-NC-SA (research use)",
]


def main(folder: Path, output: Path) -> None:
    tables = {
        "4q": read(folder / "4q_features_train.parquet"),
        "emotify": read(folder / "emotify_features_train.parquet"),
    }
    groups = {}
    for name, (table, words, never, spoken) in GROUPS.items():
        rows = [row for row in tables[table] if chosen(row, words, never)]
        if len(rows) < LEAST_TRACKS:
            raise SystemExit(f"{name}: {len(rows)} tracks are too few")
        groups[name] = {"name": spoken, "tracks": len(rows), **curves(rows), "figures": figures(rows)}
    content = {
        "about": ABOUT,
        "licence": LICENCE,
        "sources": SOURCES,
        "percentiles": [10, 50, 90],
        "reference": "mean of the bands from 198 to 5040 Hz = 0 dB",
        "frequencies": [round(1000 * 2 ** (index / 3), 1) for index in range(-15, 11)],
        "fallback": "all",
        "styles": {style: group for group, styles in STYLES.items() for style in styles.split()},
        "groups": groups,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    output.write_text(text + "\n", encoding="utf-8")


def read(path: Path) -> list[dict[str, object]]:
    import pyarrow.parquet as parquet

    rows: list[dict[str, object]] = parquet.read_table(path).to_pylist()
    return rows


def chosen(row: dict[str, object], words: tuple[str, ...], never: tuple[str, ...]) -> bool:
    genres = {word.strip() for word in str(row.get("GenresStr") or row.get("genre") or "").split(";")}
    return (not words or bool(genres & set(words))) and not genres & set(never)


def curves(rows: list[dict[str, object]]) -> dict[str, object]:
    """Percentiles of the aligned levels; bands that too few tracks can speak for are null."""
    levels = np.array([[float(str(row[f"ltas_{centre}"])) for centre in CENTRES] for row in rows])
    levels -= levels[:, FIRST : LAST + 1].mean(axis=1, keepdims=True)
    full = np.array([float(str(row["sr"])) >= 32_000 for row in rows])
    result = []
    for index, centre in enumerate(CENTRES):
        values = levels[full, index] if centre > FULL_BAND else levels[:, index]
        result.append(np.percentile(values, [10, 50, 90]) if values.size >= LEAST_TRACKS else [np.nan] * 3)
    low, middle, high = (smooth(np.array(column, dtype=float)) for column in np.array(result).T)
    return {"low_db": low, "middle_db": middle, "high_db": high}


def smooth(values: np.ndarray) -> list[float | None]:
    """A quarter of each neighbour: single percentiles of some dozens of tracks jump by a decibel by chance."""
    known = np.isfinite(values)
    kept = values[known]
    padded = np.pad(kept, 1, mode="edge")
    out = np.full(values.shape, np.nan)
    out[known] = 0.25 * padded[:-2] + 0.5 * kept + 0.25 * padded[2:]
    return [round(float(value), 2) if np.isfinite(value) else None for value in out]


def figures(rows: list[dict[str, object]]) -> dict[str, list[float]]:
    found = {}
    for name in FIGURES:
        values = np.array([float(str(row[name])) for row in rows])
        found[name] = [round(float(value), 3) for value in np.percentile(values, [10, 50, 90])]
    return found


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    place = Path(__file__).resolve().parents[1] / "resources" / "tone" / "curves.json"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else place)
