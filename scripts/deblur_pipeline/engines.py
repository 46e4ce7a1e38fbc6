"""Who computes the tasks of deblur-batch: GNU parallel on one or several machines, or Slurm."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .program import Error

LOST = 255  # ssh's exit status when a machine cannot be reached


def share_cores(deblur, engine, jobs):
    """The filter's options with this machine's cores shared out between the tasks that run at once on it.

    jobs: those tasks, or None for one per core. Slurm gives each task cores of its own, which the filter takes all.
    """
    if engine != "parallel" or any(option.startswith("threads=") for option in deblur.split(":")):
        return deblur
    cores = len(os.sched_getaffinity(0))
    return f"{deblur}{':' if deblur else ''}threads={max(1, cores // (jobs or cores))}"


def run_parallel(command, tasks, options):
    """Runs command with each task's number at its end; a task that fails is tried again, on another machine if any.
    Returns the tasks that have failed with their machine."""
    if not shutil.which("parallel"):
        raise Error("GNU parallel is not installed (apt install parallel)")
    # Whole commands as input: of a command that is an argument, GNU parallel would evaluate what stands in braces.
    lines = [f"cd {shlex.quote(os.getcwd())} && exec {shlex.join([*command, str(task)])}" for task in tasks]
    arguments = ["parallel", "--will-cite", "--line-buffer", "--null", "--retries", str(options.retries)]
    if options.jobs:
        arguments += ["--jobs", str(options.jobs)]
    if options.sshlogin:
        arguments += ["--sshlogin", options.sshlogin, "--filter-hosts"]
    with tempfile.TemporaryDirectory(prefix="deblur-") as folder, tempfile.TemporaryFile() as commands:
        commands.write(b"".join(os.fsencode(line) + b"\0" for line in lines))
        commands.seek(0)
        log = Path(folder) / "jobs"
        child = subprocess.Popen([*arguments, "--joblog", str(log)], stdin=commands, stdout=sys.stderr)
        try:
            child.wait()
        except KeyboardInterrupt:
            child.terminate()  # once: it starts no more
            child.terminate()  # twice: it ends those that run
            child.wait()
            raise
        return lost(log, tasks)


def lost(log, tasks):
    """Tasks that GNU parallel's log tells to have failed with their machine."""
    found = set()
    for line in log.read_text(errors="replace").splitlines()[1:] if log.exists() else []:
        fields = line.split("\t")
        if len(fields) > 6 and fields[0].isdigit() and fields[6] == str(LOST):
            found.add(tasks[int(fields[0]) - 1])
    return found


def run_slurm(command, tasks, options):
    """Submits a job array and waits for it. Slurm itself runs tasks of lost nodes again."""
    if not shutil.which("sbatch"):
        raise Error("Slurm's sbatch is not installed here")
    limit = f"%{options.jobs}" if options.jobs else ""
    script = f"""#!/bin/bash
tasks=({' '.join(map(str, tasks))})
exec {shlex.join(command)} "${{tasks[$SLURM_ARRAY_TASK_ID]}}"
"""
    logs = str(options.work.absolute()).replace("%", "%%") + "/slurm-%A-%a.log"
    child = subprocess.Popen(["sbatch", "--wait", "--requeue", "--job-name", "deblur", "--output", logs,
                              f"--array=0-{len(tasks) - 1}{limit}", *shlex.split(options.sbatch)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child.stdin.write(script)
    child.stdin.close()
    submitted = child.stdout.readline()
    if not submitted.startswith("Submitted"):
        raise Error(f"sbatch: {child.stderr.read().strip() or 'failed'}")
    print(f"{submitted.strip()}: {len(tasks)} segments; logs in {options.work}", file=sys.stderr)
    try:
        child.wait()
    except KeyboardInterrupt:
        subprocess.run(["scancel", submitted.split()[-1]])
        child.wait()
        raise
    return set()


# Each with the number of tasks that it takes at once (of Slurm's arrays, the usual limit), and whether it retries.
ENGINES = {"parallel": (run_parallel, None, True), "slurm": (run_slurm, 1000, False)}


def run_all(engine, command, missing, options):
    """Runs the tasks that missing() tells, until it tells none; those that fail, options.retries times.

    command: a list of words, to which a task's number is added. Raises Error if tasks are left over. That a machine is
    lost is no failure of its tasks, as long as others get on.
    """
    start, limit, retries = ENGINES[engine]
    attempts = 1 if retries else options.retries
    while tasks := missing():
        gone = start(command, tasks[:limit], options)
        failed = set(missing()).intersection(tasks[:limit])
        attempts -= bool(failed - gone or len(failed) == len(tasks[:limit]))
        if failed and attempts <= 0:
            raise Error(f"{len(failed)} segments failed; run the same command again to resume")
