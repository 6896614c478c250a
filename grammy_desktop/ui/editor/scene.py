"""What the editor shows, as data with signals: lanes, sections, chords, markers, pins, playhead. Paints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from grammy_desktop.ui.editor.notes.note_data import PartNotes
from grammy_desktop.ui.editor.raster import Waveform
from grammy_desktop.ui.editor.selection import Selection, Snap
from grammy_desktop.ui.editor.time_axis import TimeAxis

TOOLS = ("select", "cut", "gain")
VIEWS = ("waveform", "notes")
OVERLAYS = {
    "rms": "RMS",
    "clipping": "Clipping",
    "loudness": "Short-term loudness",
    "score": "Score over time",
    "pins": "Fixes",
}
DEFAULT_OVERLAYS = frozenset(OVERLAYS)
STEM_TOKENS = ("drums", "bass", "keys", "melody", "voice", "other")

STEM_ALIASES = {
    "perc": "drums",
    "low": "bass",
    "choir": "voice",
    "piano": "keys",
    "pad": "keys",
    "chord": "keys",
    "lead": "melody",
    "sax": "melody",
    "vocal": "voice",
}


def stem_token(name: str) -> str:
    """Colour token of a stem, by its name."""
    word = name.lower()
    for stem in STEM_TOKENS:
        if stem in word:
            return f"stem_{stem}"
    return next((f"stem_{stem}" for part, stem in STEM_ALIASES.items() if part in word), "stem_other")


@dataclass(frozen=True)
class LaneLevel:
    """How loud a lane is heard. `db` is the fader."""

    db: float = 0.0
    muted: bool = False
    soloed: bool = False


@dataclass(frozen=True)
class Lane:
    """One waveform, or the notes of one part.

    `token` is 'wave' (mix), 'master' or a stem's colour token; `waveform` is None until peaks are there.
    """

    id: str
    name: str
    token: str
    details: tuple[str, ...] = ()
    waveform: Waveform | None = None
    progress: float | None = None
    message: str = ""
    """What is shown where a waveform cannot be: why the file could not be read."""
    gain: float = 1.0
    """Linear factor it is drawn with; what is heard is in `LaneLevel`."""
    notes: PartNotes | None = None
    part: str = ""
    """The part's name in the score, where the lane is one."""
    stem: str = ""
    """The stem that a part is heard in."""
    joined: bool = False
    """Whether the lane above is a part of the same stem."""
    shared_with: tuple[str, ...] = ()
    """Other parts of that stem, by the names of their lanes."""

    @property
    def channel(self) -> str:
        """What mute, solo and fader of this lane act on."""
        return self.stem or self.id

    @property
    def is_stem(self) -> bool:
        return self.token.startswith("stem_")


@dataclass(frozen=True)
class Block:
    """A section, in frames; `index` is its number in the take's arrangement."""

    name: str
    start: int
    end: int
    index: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Mark:
    """A chord or a marker at a frame; `index` is a chord's number in the take's arrangement."""

    frame: int
    text: str
    index: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Pin:
    """A fix on the lanes: `number` as on its card; `lane` None is the mix."""

    number: int
    start: int
    end: int
    lane: str | None = None


@dataclass(frozen=True)
class Curves:
    """The 'Over time' lane. `score` holds (start, end, value, band) in frames and points; `short_term` (frame, LUFS)."""

    short_term: tuple[tuple[float, float], ...] = ()
    score: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True)
class Content:
    """All that changes only when a song, a version or an edit does."""

    lanes: tuple[Lane, ...] = ()
    sections: tuple[Block, ...] = ()
    chords: tuple[Mark, ...] = ()
    markers: tuple[Mark, ...] = ()
    pins: tuple[Pin, ...] = ()
    splits: tuple[int, ...] = ()
    """Frames at which one segment of the edit ends and the next begins."""
    curves: Curves = field(default_factory=Curves)
    empty: str = ""
    """What is said where the Notes view has none."""


class Scene(QObject):
    """Shared by every widget of the editor."""

    content_changed = Signal()
    levels_changed = Signal()
    playhead_moved = Signal(float, float)
    """Old and new frame."""
    header_changed = Signal()
    level_requested = Signal(str, object)
    """A lane's fader, M or S was used: lane id and the new LaneLevel."""

    part_wished = Signal(str, str)
    """What is to be done with a part: 'reroll', 'sound', 'remove', 'drag' or 'copy', and the part's name."""
    view_changed = Signal(str)
    busy_changed = Signal()
    tool_changed = Signal(str)
    lane_focused = Signal()

    def __init__(self, parent: QObject | None = None, *, beside: Scene | None = None) -> None:
        """`beside`: another page's scene, whose time axis, snapping, selection and playhead this one shares."""
        super().__init__(parent)
        self.axis: TimeAxis = beside.axis if beside is not None else TimeAxis(self)
        self.snap: Snap = beside.snap if beside is not None else Snap(self)
        self.selection: Selection = beside.selection if beside is not None else Selection(self)
        self.content = Content()
        self.levels: dict[str, LaneLevel] = {}
        self.playhead = 0.0
        self.header_width = 120
        self.tool = "select"
        self.view = "waveform"
        self.busy: dict[str, float] = {}
        """How far a change is, 0 to 1: by 'part:NAME', 'section:INDEX' or 'chord:INDEX'."""
        self.focused_lane: str | None = None
        self.overlays: frozenset[str] = DEFAULT_OVERLAYS
        self.revision = 0
        """Grows whenever waveforms must be drawn anew."""
        if beside is not None:
            beside.playhead_moved.connect(lambda _old, new: self.set_playhead(new))

    def set_content(self, content: Content) -> None:
        self.content = content
        self.revision += 1
        self.content_changed.emit()

    def amend(self, *, redraw: bool = False, **parts: object) -> None:
        """Replace some parts of the content; waveforms are only drawn anew with `redraw` or new lanes."""
        self.content = replace(self.content, **parts)  # type: ignore[arg-type]
        if redraw or "lanes" in parts:
            self.revision += 1
        self.content_changed.emit()

    def set_lane(self, lane: Lane) -> None:
        """Replace the lane with the same id."""
        self.amend(lanes=tuple(lane if old.id == lane.id else old for old in self.content.lanes))

    def set_levels(self, levels: dict[str, LaneLevel]) -> None:
        self.levels = dict(levels)
        self.levels_changed.emit()

    def channel(self, lane: str | None) -> str:
        """The stem behind a lane's id (a part's lane has its stem's fader); ids without a lane stand for themselves."""
        return next((each.channel for each in self.content.lanes if each.id == lane), lane or "")

    def level(self, lane: str) -> LaneLevel:
        return self.levels.get(self.channel(lane), LaneLevel())

    def is_heard(self, lane: str) -> bool:
        """False when muted, or when others are soloed and this one is not."""
        level = self.level(lane)
        return not level.muted and (level.soloed or not any(other.soloed for other in self.levels.values()))

    def set_playhead(self, frame: float) -> None:
        if frame != self.playhead:
            old, self.playhead = self.playhead, frame
            self.playhead_moved.emit(old, frame)

    def set_header_width(self, width: int) -> None:
        if width != self.header_width:
            self.header_width = width
            self.header_changed.emit()

    def set_tool(self, tool: str) -> None:
        if tool not in TOOLS:
            raise ValueError(f"no tool {tool!r}")
        self.tool = tool
        self.tool_changed.emit(tool)

    def set_view(self, view: str) -> None:
        if view not in VIEWS:
            raise ValueError(f"no view {view!r}")
        if view != self.view:
            self.view = view
            self.view_changed.emit(view)

    def set_busy(self, busy: dict[str, float]) -> None:
        if busy != self.busy:
            self.busy = dict(busy)
            self.busy_changed.emit()

    def set_overlay(self, name: str, shown: bool) -> None:
        self.overlays = self.overlays | {name} if shown else self.overlays - {name}
        self.content_changed.emit()

    def focus_lane(self, lane: str | None) -> None:
        self.focused_lane = lane
        self.content_changed.emit()
        self.lane_focused.emit()

    def section_at(self, frame: float) -> Block | None:
        return next((block for block in self.content.sections if block.start <= frame < block.end), None)

    def chord_at(self, frame: float) -> Mark | None:
        """The chord that holds at a frame."""
        return next((mark for mark in reversed(self.content.chords) if mark.frame <= frame), None)

    def snapped(self, frame: float) -> int:
        return self.snap.apply(frame, self.axis.frames)

    def edges(self) -> Sequence[int]:
        """Marker and section positions in order, without doubles: the stops of Alt+arrows."""
        sections, markers = self.content.sections, self.content.markers
        return sorted({0, *(b.start for b in sections), *(m.frame for m in markers), self.axis.frames})
