"""Tonal balance against the genre's curve, and the few wide, small filters that bring it nearer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.effects import Effect
from grammy_desktop.mastering.listen.curves import ToneCurve, reference_level
from grammy_desktop.mastering.listen.ear import CENTRES, Heard
from grammy_desktop.mastering.listen.filters import response_db
from grammy_desktop.mastering.listen.proposal import Finding, Severity, ToneSpectrum
from grammy_desktop.mastering.listen.words import hertz, plain, signed

Curve = NDArray[np.float64]

STRONGEST = 3.0
"""dB a band may be moved by default: more is a matter for the mix."""
_STRONGEST_BOOST = 2.0
"""dB: what is lifted brings its noise along."""
_LEAST = 0.5
"""dB: smaller moves are not worth a filter."""
_ZONE = 0.6
"""Of the way from the median to the edge of the middle 80 %: inside (56 % of released tracks) nothing is done."""
_MOST_FILTERS = 4
_ABSENT = -18.0
"""dB under the median: not dull but absent; a filter would only lift noise."""
_NO_BOOST_BELOW = 45.0
"""Hz: a missing sub is a choice, and lifting it costs headroom."""
_TREBLE = 2_500.0
"""Hz: above, the lower side of the band is as wide as old and dull recordings make it; being dull is judged as strictly
as being bright there."""
_SIBILANT_ABOVE = 3_500.0
"""Hz."""
_CANDIDATES = (
    ("low_shelf", (65.0, 110.0), (0.7,)),
    ("peak", (50.0, 63.0, 80.0, 90.0, 110.0, 140.0, 180.0, 230.0, 300.0, 400.0, 550.0, 750.0, 1000.0), (0.7, 1.2)),
    ("peak", (1400.0, 1900.0, 2600.0, 3500.0, 4800.0, 6500.0), (0.7, 1.2)),
    ("high_shelf", (3500.0, 5000.0, 7000.0), (0.7,)),
)
_NAMES = {"low_shelf": "low shelf", "peak": "bell", "high_shelf": "high shelf"}
_EDGE_SLACK = 0.05


@dataclass(frozen=True, eq=False)
class Tone:
    """spectrum: for the plot. excess: [31] dB outside of the zone where nothing is done, 0 where nothing is known."""

    spectrum: ToneSpectrum
    excess: Curve

    @property
    def deviation(self) -> float:
        """Root mean square of the excess over the known bands, dB."""
        known = np.isfinite(self.spectrum.middle_db)
        return float(np.sqrt(np.mean(np.square(self.excess[known])))) if known.any() else 0.0

    @property
    def distance(self) -> Curve:
        """[31] dB against the median; NaN where it is not known."""
        return self.spectrum.level_db - self.spectrum.middle_db


def measure_tone(heard: Heard, curve: ToneCurve) -> Tone:
    """The balance of the mono sum, as the curves were measured."""
    level = 10 * np.log10(np.maximum(heard.mid, 1e-14))
    level = level - reference_level(CENTRES, level)
    level[heard.sample_rate / 2 < CENTRES * 2 ** (1 / 6)] = np.nan
    low, middle, high = curve.on(CENTRES)
    spectrum = ToneSpectrum(CENTRES, level, low, middle, high)
    return Tone(spectrum, _excess(spectrum))


def _excess(spectrum: ToneSpectrum) -> Curve:
    distance = _smooth(spectrum.level_db - spectrum.middle_db)
    above = spectrum.high_db - spectrum.middle_db
    below = spectrum.middle_db - spectrum.low_db
    below = np.where(spectrum.frequencies > _TREBLE, np.minimum(above, below), below)
    over = np.maximum(0.0, distance - _ZONE * above) - np.maximum(0.0, -distance - _ZONE * below)
    return np.asarray(np.where(np.isfinite(over), over, 0.0))


def _smooth(values: Curve) -> Curve:
    """Each band with half of its neighbours: a single bass note is no balance."""
    filled = np.where(np.isfinite(values), values, 0.0)
    weight = np.isfinite(values).astype(float)
    kernel = np.array([0.5, 1.0, 0.5])
    total, parts = np.convolve(filled * weight, kernel, "same"), np.convolve(weight, kernel, "same")
    return np.asarray(np.where(weight > 0, total / np.maximum(parts, 1e-9), np.nan))


def propose_tone(
    tone: Tone, curve: ToneCurve, *, strongest: float = STRONGEST, sibilant: bool = False
) -> list[Finding]:
    """A finding for each filter; one that says so where all is well; one for what is not there to be lifted.

    sibilant: a de-esser takes the sharp moments, so the treble as a whole is not turned down for them.
    """
    wanted = _wanted(tone, strongest)
    if sibilant:
        wanted = np.where((wanted < 0) & (CENTRES > _SIBILANT_ABOVE), 0.0, wanted)
    findings = [_filter_finding(tone, curve, effect) for effect in _fit(wanted, strongest)]
    missing = _missing(tone, curve)
    if missing is not None:
        findings.append(missing)
    if not findings:
        worst = float(np.nanmax(np.abs(tone.distance)))
        text = f"Its tonal balance is that of {curve.name}: no band is far from the middle, so nothing is equalised."
        findings.append(Finding("tone", text, worst, None, None, "dB", "fine"))
    return findings


def _wanted(tone: Tone, strongest: float) -> Curve:
    """[31] dB that the bands are to be moved by: back to the zone, and no boost of what is absent."""
    distance = tone.distance
    move = np.clip(-tone.excess, -strongest, min(_STRONGEST_BOOST, strongest))
    absent = (distance < _ABSENT) | (CENTRES < _NO_BOOST_BELOW)
    return np.where((move > 0) & absent, 0.0, move)


def _fit(wanted: Curve, strongest: float) -> list[Effect]:
    """Greedy: the filter that brings most, then again on the rest. Together they move no band by more than `strongest`."""
    shapes = [
        (kind, frequency, q, response_db(kind, frequency, 1.0, q, CENTRES))
        for kind, frequencies, qualities in _CANDIDATES
        for frequency in frequencies
        for q in qualities
    ]
    chosen: list[Effect] = []
    rest = wanted.copy()
    total = np.zeros_like(wanted)
    for _ in range(_MOST_FILTERS):
        best: tuple[float, float, str, float, float, Curve] | None = None
        for kind, frequency, q, shape in shapes:
            gain = float(rest @ shape) / float(shape @ shape)
            gain = max(-strongest, min(min(_STRONGEST_BOOST, strongest), gain))
            gain = _held(gain, shape, total, strongest)
            brought = float(rest @ rest) - float(np.sum(np.square(rest - gain * shape)))
            if abs(gain) >= _LEAST and (best is None or brought > best[0]):
                best = (brought, gain, kind, frequency, q, shape)
        if best is None or best[0] < 0.15 * float(wanted @ wanted):
            break
        _, gain, kind, frequency, q, shape = best
        gain = round(gain, 1)
        chosen.append(Effect(kind, {"frequency": frequency, "gain_db": gain, "q": q}))
        total += gain * shape
        rest = wanted - total
    return chosen


def _held(gain: float, shape: Curve, total: Curve, strongest: float) -> float:
    """The gain, smaller where the sum of all filters would pass `strongest`."""
    room = strongest - np.abs(total)[shape > 0.5]
    same_way = np.sign(total)[shape > 0.5] == np.sign(gain)
    least = float(np.min(np.where(same_way, room, strongest), initial=strongest))
    return float(np.sign(gain) * min(abs(gain), max(0.0, least)))


def _filter_finding(tone: Tone, curve: ToneCurve, effect: Effect) -> Finding:
    """Named after the band within the filter's reach that is farthest out on its side."""
    values = effect.values()
    gain = values["gain_db"]
    reach = response_db(effect.kind, values["frequency"], 1.0, values["q"], CENTRES) > 0.5
    toward = np.where(reach, -np.sign(gain) * tone.excess, -np.inf)
    index = int(np.argmax(toward))
    distance = float(tone.distance[index])
    low, high = (
        float(edge[index] - tone.spectrum.middle_db[index]) for edge in (tone.spectrum.low_db, tone.spectrum.high_db)
    )
    outside = distance - high if distance > high else distance - low if distance < low else 0.0
    place = hertz(float(CENTRES[index]))
    if abs(outside) >= _EDGE_SLACK:
        side = "over" if outside > 0 else "under"
        where = f"{signed(outside)} dB {side} the middle 80 % of {curve.name} at {place}"
    else:
        where = f"{signed(distance)} dB from the median of {curve.name} at {place}, near the edge of its middle 80 %"
    setting = f"{_NAMES[effect.kind]} {signed(gain)} dB at {hertz(values['frequency'])}"
    severity: Severity = "problem" if abs(outside) > 3.0 else "notice"
    word = "heavy" if gain < 0 else "thin"
    return Finding(
        f"tone_{word}_{round(float(CENTRES[index]))}",
        f"{where}: {setting}.",
        distance,
        low,
        high,
        "dB",
        severity,
        effect,
    )


def _missing(tone: Tone, curve: ToneCurve) -> Finding | None:
    """Treble that is not dull but not there."""
    treble = (CENTRES > 5_500) & np.isfinite(tone.distance)
    if not treble.any() or float(np.median(tone.distance[treble])) > _ABSENT:
        return None
    lost = float(np.median(tone.distance[treble]))
    text = (
        f"Above {hertz(5_500)} it is {plain(-lost)} dB under the median of {curve.name}: almost nothing is there to lift,"
        " so it is left alone. Look for a low-pass or a lossy source."
    )
    return Finding("tone_missing_treble", text, lost, _ABSENT, None, "dB", "problem")
