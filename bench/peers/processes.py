"""Processes that are measured: started in a group of their own, so that they are paused and ended with their children."""

import os
import signal
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


class Process:
    """A program and all that it starts. What it prints goes to a file."""

    def __init__(self, command, log, env=None, cwd=None):
        self.log = log
        with open(log, "ab") as out:
            self.popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )
        self.group = self.popen.pid
        RUNNING.append(self)

    def alive(self):
        return self.popen.poll() is None

    def pids(self):
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit() and _stat(name)[2:3] == [str(self.group)]:
                found.append(name)
        return found

    def cpu(self):
        """Seconds of processor time so far, of children that have ended too."""
        total = 0
        for pid in self.pids():
            total += sum(map(int, _stat(pid)[11:15]))
        return total / TICK

    def rss(self):
        """Resident memory in MB."""
        total = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status") as status:
                    total += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            except OSError:
                pass
        return total / 1024

    def signal(self, which):
        try:
            os.killpg(self.group, which)
        except ProcessLookupError:
            pass

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def stop(self):
        if self in RUNNING:
            RUNNING.remove(self)
        self.resume()
        self.signal(signal.SIGTERM)
        try:
            self.popen.wait(10)
        except subprocess.TimeoutExpired:
            pass
        self.signal(signal.SIGKILL)
        self.popen.wait()


RUNNING = []


def stop_all():
    for process in reversed(list(RUNNING)):
        process.stop()


def settle(processes, most=5.0):
    """Waits until the processes hardly do anything any more, as a rest of work is theirs to be charged for."""
    end = time.monotonic() + most
    before = sum(process.cpu() for process in processes)
    while time.monotonic() < end:
        time.sleep(0.15)
        now = sum(process.cpu() for process in processes)
        if now - before <= 0.03:
            return
        before = now


def _stat(pid):
    """The fields of /proc/PID/stat behind the program's name: state, parent, group, …"""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(") ")[2].split()
    except OSError:
        return ["", "", "", *["0"] * 20]
