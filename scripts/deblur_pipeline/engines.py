"""Who computes the tasks of deblur-batch: GNU parallel on one or several machines, or Slurm."""
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from .ffmpeg import Error


def share_cores(deblur, engine, jobs):
    """The filter's options with this machine's cores shared out between the tasks that run at once on it.

    jobs: those tasks, or None for one per core. Slurm gives each task cores of its own, which the filter takes all.
    """
    if engine != "parallel" or any(option.startswith("threads=") for option in deblur.split(":")):
        return deblur
    cores = len(os.sched_getaffinity(0))
    return f"{deblur}{':' if deblur else ''}threads={max(1, cores // (jobs or cores))}"


def run_parallel(command, tasks, options):
    """Runs command with each task's number at its end. A task that fails is tried again, on another machine if any."""
    if not shutil.which("parallel"):
        raise Error("GNU parallel is not installed (apt install parallel)")
    arguments = ["parallel", "--will-cite", "--line-buffer", "--retries", str(options.retries)]
    if options.jobs:
        arguments += ["--jobs", str(options.jobs)]
    if options.sshlogin:
        arguments += ["--sshlogin", options.sshlogin, "--workdir", str(Path.cwd())]
    child = subprocess.Popen([*arguments, shlex.join(command), ":::", *map(str, tasks)], stdout=sys.stderr)
    try:
        child.wait()
    except KeyboardInterrupt:
        child.terminate()  # once: it starts no more
        child.terminate()  # twice: it ends those that run
        child.wait()
        raise


def run_slurm(command, tasks, options):
    """Submits a job array and waits for it. Slurm itself runs tasks of lost nodes again."""
    if not shutil.which("sbatch"):
        raise Error("Slurm's sbatch is not installed here")
    limit = f"%{options.jobs}" if options.jobs else ""
    script = f"""#!/bin/bash
tasks=({' '.join(map(str, tasks))})
exec {shlex.join(command)} "${{tasks[$SLURM_ARRAY_TASK_ID]}}"
"""
    logs = options.work.absolute() / "slurm-%A-%a.log"
    child = subprocess.Popen(["sbatch", "--wait", "--requeue", "--job-name", "deblur", "--output", str(logs),
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


# Each with the number of tasks that it takes at once (of Slurm's arrays, the usual limit), and whether it retries.
ENGINES = {"parallel": (run_parallel, None, True), "slurm": (run_slurm, 1000, False)}


def run_all(engine, command, missing, options):
    """Runs the tasks that missing() tells, until it tells none; those that fail, options.retries times.

    command: a list of words, to which a task's number is added. Raises Error if tasks are left over.
    """
    start, limit, retries = ENGINES[engine]
    attempts = 1 if retries else options.retries
    while tasks := missing():
        start(command, tasks[:limit], options)
        failed = set(missing()).intersection(tasks[:limit])
        attempts -= bool(failed)
        if not attempts:
            raise Error(f"{len(failed)} segments failed; run the same command again to resume")
