#!/usr/bin/env bash
# The cookbook's live command on this machine: SRT in, deblurred without delay, RTMP out to a listening ffmpeg, and every
# frame that was sent arrives. Usage: live.sh FFMPEG (with libsrt and libx264).
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "$0")/../../scripts/common.sh"
[ $# = 1 ] && [ -x "$1" ] || die "usage: live.sh FFMPEG"
folder=$(mktemp -d "${TMPDIR:-/tmp}/deblur-trial.XXXXXX")
trap 'rm -rf "$folder"' EXIT
srt=srt://127.0.0.1:27831 rtmp=rtmp://127.0.0.1:27832/live/key

PATH=$(dirname "$(realpath "$1")"):$PATH
ffmpeg -v error -f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=1000:r=48000 -t 4 -c:v libx264 -g 25 -bf 0 \
    -c:a aac -f mpegts "$folder/programme.ts"

# The viewer and the deblurring ffmpeg listen; then the programme is sent at its own pace.
timeout 300 ffmpeg -v error -nostdin -listen 1 -i "$rtmp" -c copy "$folder/seen.mkv" &
viewer=$!
command=$(sed -n '/^ffmpeg.*-f flv rtmp:/p' "$root/docs/cookbook.md")
command=${command/srt:\/\/0.0.0.0:9000/$srt}
command=${command/rtmp:\/\/example.org\/live\/key/$rtmp}
command=${command/resolution=640x360/resolution=160x90:threads=1}
case $command in *"$srt"*160x90*"$rtmp"*) ;; *) die "the cookbook's live command is not as expected: $command" ;; esac
say "$command"
timeout 300 bash -c "${command/ffmpeg /ffmpeg -v warning -nostdin }" &
deblurring=$!
for _ in $(seq 60); do # a listener that is not there yet refuses
    ! timeout 300 ffmpeg -v error -nostdin -re -i "$folder/programme.ts" -c copy -f mpegts "$srt?linger=60" 2> "$folder/log" || break
    grep -q 'Connection' "$folder/log" || { cat "$folder/log" >&2; die "could not send"; }
    sleep 0.5
done
wait "$deblurring" || die "the deblurring ffmpeg failed"
wait "$viewer" || die "the viewer failed"

frames() {
    ffprobe -v error -select_streams "$1" -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$2" | head -n 1
}
for stream in v a; do
    sent=$(frames $stream "$folder/programme.ts") seen=$(frames $stream "$folder/seen.mkv")
    echo "$stream: $sent packets sent, $seen seen"
    [ "$sent" = "$seen" ] || die "some were lost"
done
