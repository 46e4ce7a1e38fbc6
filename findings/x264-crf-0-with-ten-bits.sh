#!/usr/bin/env bash
# x264's CRF 0 is lossless with 8 bits and loses with 10, where its scale begins at -12, which FFmpeg's option does not take. QP 0
# is lossless at both depths.
#
# Seen with libx264 in the ffmpeg 9.0.2 of imageio-ffmpeg 0.8.1 (and 7.0.2 of imageio-ffmpeg 0.6.0).
#
# Output seen: yuv420p crf 0 same, yuv420p10le crf 0 differs, yuv420p10le qp 0 same
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$folder/env/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')

try() { # PIXEL_FORMAT OPTION VALUE
    "$ffmpeg" -v error -f lavfi -i "testsrc2=size=128x96:rate=25,noise=alls=20,format=$1" -frames:v 5 -c:v rawvideo \
        -y "$folder/in.nut"
    "$ffmpeg" -v error -i "$folder/in.nut" -c:v libx264 "-$2" "$3" -y "$folder/out.mkv"
    hashes=$(for file in in.nut out.mkv; do "$ffmpeg" -v error -i "$folder/$file" -pix_fmt "$1" -f md5 -; done | uniq | wc -l)
    printf '%s %s %s %s' "$1" "$2" "$3" "$([ "$hashes" = 1 ] && echo same || echo differs)"
}

seen="$(try yuv420p crf 0), $(try yuv420p10le crf 0), $(try yuv420p10le qp 0)"
echo "$seen"
[ "$seen" = "yuv420p crf 0 same, yuv420p10le crf 0 differs, yuv420p10le qp 0 same" ]
