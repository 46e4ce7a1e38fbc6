# What the trials of deblur-batch share; to be sourced. They take an ffmpeg with the filter as only argument, need root (a
# lost machine is a process namespace that is killed), start servers of their own, and leave nothing behind.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"

[ $# = 1 ] && [ -x "$1" ] || die "usage: ${0##*/} FFMPEG"
[ "$(id -u)" = 0 ] || die "needs root"
ffmpeg=$(realpath "$1")
folder=$(mktemp -d "${TMPDIR:-/tmp}/deblur-trial.XXXXXX")
children=()
clean_up() {
    [ ${#children[@]} = 0 ] || kill -KILL "${children[@]}" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

deblur=(--preset archive --ffmpeg "$ffmpeg" --deblur model=strcnn_dtb_fast:resolution=160x90:threads=1)

# need PROGRAM...: dies unless they are there. (Their packages would start servers of the system's.)
need() {
    local program
    for program; do
        command -v "$program" > /dev/null || die "needs $program; Debian: slurm-wlm, munge, parallel, openssh-server"
    done
}

# machine COMMAND...: starts it with processes of its own; killing $machine takes all of them away at once.
machine() {
    unshare --pid --fork --kill-child --mount-proc "$@" &
    machine=$!
    children+=("$machine")
}

# until_true COMMAND...: waits for it, a minute at most.
until_true() {
    for _ in $(seq 120); do
        ! "$@" > /dev/null 2>&1 || return 0
        sleep 0.5
    done
    die "waited in vain for: $*"
}

finished() { find "$folder/work" -name '00000-*.mov' 2> /dev/null | wc -l; }
half_done() { [ "$(finished)" -ge 4 ]; }

# A clip of 600 frames with sound, 12 segments long.
make_clip() {
    "$ffmpeg" -v error -f lavfi -i 'testsrc2=size=320x180:rate=25' -f lavfi -i anoisesrc=r=48000 -t 24 \
        -vf "rotate=0.02*sin(n/7):bilinear=1" -c:v ffv1 -g 25 -c:a pcm_s16le "$folder/clip.mkv"
}

# start_batch OPTION...: deblur-batch in the background, as $batch, at most two segments at a time.
start_batch() {
    (cd "$folder" && exec "$root/scripts/deblur-batch" "${deblur[@]}" --segment 2 --work work --output done "$@" clip.mkv) &
    batch=$!
    children+=("$batch")
}

# The joined file against an uncut run: frames, times, sound, and above 50 dB in every frame.
compare() {
    say "Comparing with an uncut run"
    "$root/scripts/deblur-transcode" "${deblur[@]}" --output "$folder/uncut.mkv" "$folder/clip.mkv"
    local kind file
    for file in uncut done/clip-deblurred; do
        "$ffmpeg" -v error -i "$folder/$file.mkv" -map 0 -c copy -f framecrc - |
            awk -F, '/^0,/ { print $1, $3 } /^1,/' > "$folder/packets-${file##*/}"
        "$ffmpeg" -v error -i "$folder/$file.mkv" -map v -f framemd5 - | awk -F, '/^0/ { print $6 }' > "$folder/md5-${file##*/}"
    done
    cmp "$folder/packets-uncut" "$folder/packets-clip-deblurred" || die "frames, times or sound differ"
    "$ffmpeg" -v error -i "$folder/done/clip-deblurred.mkv" -i "$folder/uncut.mkv" \
        -lavfi "psnr=stats_file=$folder/psnr" -f null -
    kind=$(paste "$folder"/md5-* | awk '{ same += $1 == $2 } END { print same " of " NR " frames identical" }')
    sed -n 's/.*psnr_avg:\([^ ]*\).*/\1/p' "$folder/psnr" |
        awk -v kind="$kind" '{ dB = $1 == "inf" ? 999 : $1; if (NR == 1 || dB < worst) worst = dB }
            END { print kind ", the worst at " worst " dB"; exit !(NR == 600 && worst > 50) }' ||
        die "not the uncut run"
}
