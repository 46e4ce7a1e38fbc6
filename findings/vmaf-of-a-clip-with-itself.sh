#!/usr/bin/env bash
# VMAF does not give a clip that is compared with itself 100, but 97.43 wherever nothing moves.
#
# Seen with libvmaf (git 86da14d, model vmaf_v0.6.1) in the ffmpeg 9.0.2 of imageio-ffmpeg 0.8.1, and the same with
# libvmaf 2.3.0: a still picture against itself has 97.43 in each frame. In a clip that moves, the first frame has
# it, too, as there is nothing before it to measure motion against; slowly moving clips lie between (98.64).
#
# Output seen: still 97.43 97.43, moving 97.43 100.00 (first frame, last frame)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$folder/env/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
cd "$folder"

scores() { # SOURCE: of its first and its last frame
    "$ffmpeg" -v error -f lavfi -i "$1=size=320x240:rate=25,format=yuv420p" -frames:v 12 -f rawvideo -y clip.yuv
    local clip=(-f rawvideo -s 320x240 -pix_fmt yuv420p -i clip.yuv)
    "$ffmpeg" -v error "${clip[@]}" "${clip[@]}" -lavfi libvmaf=log_path=log.json:log_fmt=json -f null -
    python3 -c 'import json; frames = json.load(open("log.json"))["frames"]
print(*("%.2f" % frames[i]["metrics"]["vmaf"] for i in (0, -1)))'
}

seen="still $(scores smptebars), moving $(scores testsrc2)"
echo "$seen"
[ "$seen" = "still 97.43 97.43, moving 97.43 100.00" ]
