"""A plug-in's process that dies, hangs or talks nonsense: the app lives on and says which plug-in it was."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection

import numpy as np
import pytest

from grammy_desktop.core.plugins.messages import AUDIO, JSON, pack_audio, pack_json, unpack_audio, unpack_json
from grammy_desktop.core.plugins.process import PluginFailed, PluginProcess

ROWS = np.ones((2, 1_000), np.float32)


def dies(connection: Connection) -> None:
    connection.recv_bytes()
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(connection: Connection) -> None:
    connection.recv_bytes()
    threading.Event().wait()


def hangs_in_the_middle_of_an_answer(connection: Connection) -> None:
    connection.recv_bytes()
    os.write(connection.fileno(), (1_000_000).to_bytes(4, "big") + AUDIO + b"only the beginning")
    threading.Event().wait()


def writes_garbage(connection: Connection) -> None:
    connection.recv_bytes()
    os.write(connection.fileno(), bytes(range(127, 255)) * 20)
    threading.Event().wait()


def answers_with_text(connection: Connection) -> None:
    connection.recv_bytes()
    connection.send_bytes(b"hello, I am a plug-in")
    threading.Event().wait()


def gives_too_little(connection: Connection) -> None:
    connection.recv_bytes()
    connection.send_bytes(pack_audio(np.ones((2, 10), np.float32)))
    threading.Event().wait()


def refuses(connection: Connection) -> None:
    connection.recv_bytes()
    connection.send_bytes(pack_json({"error": "the licence has run out."}))
    threading.Event().wait()


def ends(connection: Connection) -> None:
    connection.recv_bytes()


def echoes(connection: Connection) -> None:
    while True:
        connection.send_bytes(connection.recv_bytes())


CASES = [
    (dies, "“Fuzz” crashed (SIGSEGV)"),
    (hangs, "“Fuzz” did not answer within 0.5 seconds"),
    (hangs_in_the_middle_of_an_answer, "“Fuzz” did not answer within 0.5 seconds"),
    (writes_garbage, "“Fuzz” gave back something that is no"),
    (answers_with_text, "“Fuzz” gave back something that is no sound"),
    (gives_too_little, "“Fuzz” gave back something that is no sound"),
    (refuses, "“Fuzz” could not be used: the licence has run out."),
    (ends, "“Fuzz” ended by itself"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins use POSIX signals and file descriptors")
@pytest.mark.expects_log
@pytest.mark.parametrize(("entry", "words"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_whatever_a_plugin_does_is_one_sentence(entry: object, words: str) -> None:
    with PluginProcess("Fuzz", entry=entry, answer_seconds=0.5) as process:  # type: ignore[arg-type]
        # Until the child runs it may take longer than an answer.
        process._answer_seconds = 0.5 if "0.5" in words else 20.0
        with pytest.raises(PluginFailed) as caught:
            process.process(ROWS)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not multiprocessing.active_children()


def test_sound_goes_through_and_the_process_ends_with_close() -> None:
    process = PluginProcess("Echo", entry=echoes)
    np.testing.assert_array_equal(process.process(ROWS), ROWS)
    assert multiprocessing.active_children()
    process.close()
    process.close()
    assert not multiprocessing.active_children()


def test_messages_carry_what_they_say_and_nothing_else() -> None:
    assert unpack_json(pack_json({"gain": 3.5})) == {"gain": 3.5}
    np.testing.assert_array_equal(unpack_audio(pack_audio(ROWS), 2), ROWS)
    for message in (b"", b"x", AUDIO + b"abc", JSON + b"[1]", JSON + b"{", pack_json({})):
        with pytest.raises(ValueError, match=r"."):
            unpack_audio(message, 2)
    for message in (b"", AUDIO, JSON + b"[1]", JSON + b"{"):
        with pytest.raises(ValueError, match=r"."):
            unpack_json(message)


def start_from_a_daemon(answers: Connection) -> None:
    with PluginProcess("Echo", entry=echoes) as process:
        answers.send(float(process.process(ROWS).sum()))


def test_a_worker_may_have_a_plugin_although_it_is_a_daemon() -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=start_from_a_daemon, args=(theirs,), daemon=True)
    worker.start()
    theirs.close()
    assert ours.recv() == 2_000
    worker.join(10)
    assert worker.exitcode == 0
    worker.close()
    ours.close()
