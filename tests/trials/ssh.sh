#!/usr/bin/env bash
# deblur-batch with GNU parallel on two machines by ssh, one of which is lost half way. Usage: ssh.sh FFMPEG (see batch.sh).
# SPDX-License-Identifier: LGPL-2.1-or-later
. "$(dirname "$0")/batch.sh"
need parallel sshd ssh-keygen

say "Starting two ssh servers in $folder"
for key in host user; do ssh-keygen -q -t ed25519 -N '' -f "$folder/$key"; done
mkdir -p /run/sshd
logins=
for port in 27822 27823; do
    machine "$(command -v sshd)" -D -q -f /dev/null -p $port -h "$folder/host" -o ListenAddress=127.0.0.1 -o UsePAM=no \
        -o AuthorizedKeysFile="$folder/user.pub" -o StrictModes=no -o PidFile=none -o MaxStartups=100 -o PermitRootLogin=yes
    login="ssh -q -p $port -i $folder/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes 127.0.0.1"
    until_true $login true
    logins=${logins:+$logins,}$login
    last=$machine
done

make_clip
start_batch --jobs 1 --sshlogin "$logins"
until_true half_done
say "Losing the second machine with $(finished) segments finished"
kill -KILL "$last"
wait "$batch" || die "deblur-batch failed"
compare
