"""The sources of a programme, read and summed block by block."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import UserError
from grammy_desktop.playback.programme import Programme, Source

Gains = Mapping[str, "float | NDArray[np.float32]"]
"""By source id: one linear gain, or one for each frame."""
TONE_LEVEL_DB = -18.0
TONE_FADE_SECONDS = 0.02


class FileSource:
    """An open sound file as an `AudioSource`. UserError when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        import soundfile

        self._path = path
        try:
            self._file: Any = soundfile.SoundFile(path)
        except (soundfile.LibsndfileError, OSError) as error:
            raise UserError(f"{path.name} cannot be played: {error}", file=str(path)) from error
        self._next = 0

    @property
    def frames(self) -> int:
        return int(self._file.frames)

    @property
    def channels(self) -> int:
        return int(self._file.channels)

    @property
    def sample_rate(self) -> int:
        return int(self._file.samplerate)

    def read(self, start: int, count: int) -> Samples:
        """float32 [n, channels]; UserError when the file became unreadable."""
        import soundfile

        try:
            if start != self._next:  # seeking in a compressed file is dear
                self._file.seek(min(start, self.frames))
            block: Samples = self._file.read(count, dtype="float32", always_2d=True)
        except (soundfile.LibsndfileError, OSError) as error:
            self._next = -1
            raise UserError(f"{self._path.name} can no longer be read: {error}", file=str(self._path)) from error
        self._next = start + len(block)
        return block

    def close(self) -> None:
        self._file.close()


class _Track:
    """One source in its place on the timeline."""

    def __init__(self, source: Source, sample_rate: int) -> None:
        self.source = source
        self._file: FileSource | None = None
        self._audio: AudioSource | None = None
        self._edits: EditList | None = None
        frames = source.frames
        if source.path is not None:
            self._file = self._audio = FileSource(source.path)
            if self._file.sample_rate != sample_rate:
                self._file.close()
                raise UserError(
                    f"{source.path.name} has {self._file.sample_rate} Hz, the song {sample_rate} Hz: import it again.",
                    file=str(source.path),
                )
            frames = self._file.frames
            if source.edits is not None:
                self._edits = EditList.from_json(source.edits)
                frames = self._edits.frames
        self.end = source.offset + frames

    def read(self, position: int, frames: int) -> tuple[int, Samples] | None:
        """What sounds in [position, position + frames): how far in it begins, and float32 [n, 1 or more]."""
        start = max(0, position - self.source.offset)
        ahead = max(0, self.source.offset - position)
        if self._audio is None or ahead >= frames or position >= self.end:
            return None
        if self._edits is not None:
            return ahead, self._edits.read(self._audio, start, frames - ahead)
        return ahead, self._audio.read(start, frames - ahead)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Mixer:
    """All sources of a programme. A source that cannot be opened is silent and named in `trouble`."""

    def __init__(self, programme: Programme) -> None:
        self.sample_rate = programme.sample_rate
        self.trouble: str | None = None
        self._tracks: list[_Track] = []
        for source in programme.sources:
            try:
                self._tracks.append(_Track(source, programme.sample_rate))
            except UserError as error:
                self.trouble = error.message
        self.frames = max((track.end for track in self._tracks), default=0)

    def mix(self, position: int, frames: int, gains: Gains) -> Samples:
        """float32 [frames, 2]; one-channel sources sound on both sides, of more than two channels the first two."""
        out = np.zeros((frames, 2), np.float32)
        for track in list(self._tracks):
            gain = gains.get(track.source.id, track.source.gain)
            if isinstance(gain, float | int) and gain == 0.0:
                continue
            try:
                found = track.read(position, frames)
            except UserError as error:
                self.trouble = error.message
                self._tracks.remove(track)
                continue
            if found is not None:
                ahead, block = found
                if isinstance(gain, np.ndarray):
                    block = block[:, :2] * gain[ahead : ahead + len(block), None]
                elif gain != 1.0:
                    block = block[:, :2] * np.float32(gain)
                out[ahead : ahead + len(block)] += block[:, :2]
        return out

    def close(self) -> None:
        for track in self._tracks:
            track.close()


class Tone:
    """A test tone with the face of a `Mixer`."""

    def __init__(self, frequency: float, seconds: float, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.frames = round(seconds * sample_rate)
        self.trouble: str | None = None
        self._frequency = frequency

    def mix(self, position: int, frames: int, gains: Gains) -> Samples:
        place = np.arange(position, position + frames)
        fade = np.minimum(place, self.frames - 1 - place) / (TONE_FADE_SECONDS * self.sample_rate)
        level = 10.0 ** (TONE_LEVEL_DB / 20.0) * np.clip(fade, 0.0, 1.0)
        tone = level * np.sin(2 * np.pi * self._frequency / self.sample_rate * place)
        return np.repeat(tone.astype(np.float32)[:, None], 2, axis=1)

    def close(self) -> None:
        return None
