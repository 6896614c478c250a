"""What a running stage is called, and how a job's row reads. No Qt."""

from __future__ import annotations

from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.ui.formats import NBSP, duration_words, sentence

WORDS = {
    "enhance": "Reading the prompt",
    "compose": "Writing the chords",
    "perform": "Performing",
    "render": "Playing the parts",
    "mix": "Mixing",
    "master": "Mastering",
    "score": "Listening",
    "listen": "Listening",
    "store": "Saving",
    "read": "Reading the file",
    "analyse": "Listening",
    "export": "Writing the files",
}
KINDS = {
    "create": ("sparkles", "{}"),
    "master": ("sliders-horizontal", "Master {}"),
    "score": ("gauge", "Score {}"),
    "import": ("file-audio", "Import “{}”"),
    "export": ("upload", "Export {}"),
    "edit": ("scissors", "Save the edit of {}"),
    "restyle": ("shuffle", "Restyle: {}"),
    "revise": ("dice-5", "Change {}"),
    "fix": ("activity", "Fix {}"),
    "hear": ("ear", "{}"),
    "profile": ("layers", "Save {}"),
    "listen": ("ear", "Listen to {}"),
}


def stage_words(stage: str) -> str:
    return WORDS.get(stage, sentence(stage) if stage else "Starting")


def job_title(snapshot: JobSnapshot) -> str:
    return KINDS.get(snapshot.kind, ("", "{}"))[1].format(snapshot.title)


def job_icon(snapshot: JobSnapshot) -> str:
    if snapshot.state is JobState.FAILED:
        return "triangle-alert"
    if snapshot.state is JobState.DONE:
        return "check"
    return KINDS.get(snapshot.kind, ("layers", ""))[0]


def progress_words(snapshot: JobSnapshot) -> str:
    """'Mixing · 62 % · 2 s left'; time left only once the queue can tell."""
    parts = [stage_words(snapshot.stage), f"{round(snapshot.fraction * 100)}{NBSP}%"]
    if snapshot.seconds_left is not None:
        parts.append(f"{duration_words(snapshot.seconds_left)} left")
    return " · ".join(parts)
