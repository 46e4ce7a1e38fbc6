"""How far a run is, how long it will take, and what would make it faster."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import sys
import time

SETTLED = 3  # seconds after which a speed can be told
LONG = 60  # seconds from which on it is worth saying what would be faster


def show_progress(lines, frames, label, hints=()):
    """Shows ffmpeg's -progress: one line that changes on a terminal, else a line at each tenth.

    frames: how many there will be, 0 if unknown; hints: lines that are shown once if it will take long.
    """
    terminal, shown, start, values, told = sys.stderr.isatty(), -1, time.monotonic(), {}, False
    first = None  # when the first frame was there: opening a network takes its time once
    for line in lines:
        key, _, value = line.strip().partition("=")
        values[key] = value
        if key != "progress":
            continue
        done = int(values.get("frame", 0) or 0)
        now = time.monotonic()
        if done and first is None:
            first = (now, done)
        pace = (done - first[1]) / max(now - first[0], 1e-3) if first and done > first[1] else done / max(now - start, 1e-3)
        percent = min(100, 100 * done // frames) if frames else 0
        remaining = (frames - done) / pace if pace and 0 < done < frames else 0
        if not told and first and now - first[0] > SETTLED and remaining:
            told = True
            clear = "\r\033[K" if terminal else ""
            print(f"{clear}{label}: about {duration(remaining + now - start)} in all, at {pace:.3g} frames/s", file=sys.stderr)
            for hint in hints if remaining > LONG else ():
                print(f"{label}: {hint}", file=sys.stderr)
        left = f", {duration(remaining)} left" if remaining and now - start > SETTLED else ""
        text = f"{label}: {percent} %, frame {done}, {pace:.1f} fps{left}"
        if terminal:
            print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)
        elif percent // 10 > shown:
            shown = percent // 10
            print(text, file=sys.stderr, flush=True)
    if terminal and values:
        print(file=sys.stderr)


def duration(seconds):
    """A time as people say it: the two largest units."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} days {hours} h"
