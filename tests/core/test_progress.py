from __future__ import annotations

from pathlib import Path

import pytest

from grammy_desktop.core.progress import Cancelled, NoProgress, PartOfProgress, Progress


class Recorder:
    def __init__(self) -> None:
        self.reports: list[tuple[float, str]] = []
        self.published: list[tuple[str, Path]] = []
        self.cancelled = False

    def report(self, fraction: float, stage: str) -> None:
        self.reports.append((fraction, stage))

    def check_cancelled(self) -> None:
        if self.cancelled:
            raise Cancelled

    def publish(self, kind: str, path: Path) -> None:
        self.published.append((kind, path))


def test_a_part_is_mapped_onto_the_whole() -> None:
    whole = Recorder()
    part = PartOfProgress(whole, 0.5, 0.9)
    for fraction in (0.0, 0.5, 1.0, 7.0, -1.0):
        part.report(fraction, "mix")
    assert [fraction for fraction, _ in whole.reports] == pytest.approx([0.5, 0.7, 0.9, 0.9, 0.5])


def test_parts_nest_rename_publish_and_cancel() -> None:
    whole = Recorder()
    part = PartOfProgress(PartOfProgress(whole, 0.0, 0.5), 0.5, 1.0, stage="master")
    part.report(1.0, "limiter")
    part.publish("mix", Path("a.wav"))
    assert whole.reports == [(0.5, "master")]
    assert whole.published == [("mix", Path("a.wav"))]
    whole.cancelled = True
    with pytest.raises(Cancelled):
        part.check_cancelled()


def test_cancelled_is_not_an_error_of_ours() -> None:
    from grammy_desktop.core.errors import GrammyError

    assert not issubclass(Cancelled, GrammyError)


@pytest.mark.parametrize("progress", [NoProgress(), PartOfProgress(NoProgress(), 0, 1), Recorder()])
def test_all_of_them_keep_the_protocol(progress: object) -> None:
    assert isinstance(progress, Progress)
