#!/usr/bin/env bash
# deblur-batch on a Slurm cluster of two nodes, one of which is lost half way. Usage: slurm.sh FFMPEG (see batch.sh).
# SPDX-License-Identifier: LGPL-2.1-or-later
. "$(dirname "$0")/batch.sh"
need slurmctld slurmd munged

say "Starting a cluster in $folder"
mkdir "$folder"/{state,spool-n1,spool-n2}
chmod 755 "$folder"
dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
chmod 400 "$folder/munge.key"
munged --foreground --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munge.pid" \
    --log-file="$folder/munge.log" --seed-file="$folder/munge.seed" 2> /dev/null &
children+=($!)
host=$(hostname -s)
cat > "$folder/slurm.conf" <<CONF
ClusterName=trial
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=27817
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/linear
ReturnToService=2
SlurmdTimeout=20
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=27818
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=27819
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
# From 23.11 on, nodes insist on control groups of their own unless told.
dpkg --compare-versions "$(slurmctld -V | cut -d' ' -f2)" lt 23.11 || echo CgroupPlugin=disabled > "$folder/cgroup.conf"
export SLURM_CONF=$folder/slurm.conf
until_true test -S "$folder/munge.socket"
slurmctld -D 2> /dev/null &
children+=($!)
machine slurmd -D -N n1 2> /dev/null
first=$machine
machine slurmd -D -N n2 2> /dev/null
both_idle() { [ "$(sinfo -h -N -t idle -o %N | sort -u | wc -l)" = 2 ]; }
until_true both_idle
sinfo

make_clip
start_batch --engine slurm
on_first() { [ "$(squeue -h -t R -w n1 | wc -l)" -gt 0 ]; }
until_true half_done
until_true on_first
say "Losing node n1 with $(finished) segments finished, while it works on:"
squeue -t R -w n1
kill -KILL "$first"
wait "$batch" || die "deblur-batch failed"
sinfo
grep -i -E 'requeue|not responding|setting down' "$folder/slurmctld.log" | tail -n 5 || true
compare
