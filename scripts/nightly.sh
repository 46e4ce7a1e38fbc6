#!/usr/bin/env bash
# What takes too long for every change: to be run at night, or before a release.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: nightly.sh [OPTION]... [PART]...

Runs each PART (all of them, in this order), each with a log of its own, and says at the end which failed:

  address     all tests without FFmpeg under AddressSanitizer and UndefinedBehaviorSanitizer, training included
  thread      the same under ThreadSanitizer
  fuzz        each fuzz target for an hour (fuzz/run.sh)
  fate        FFmpeg's own tests of its filters, with the patch
  soak        100,000 frames through one ffmpeg, whose memory must not grow
  slurm, ssh  deblur-batch with a queue and with another machine that are made for it

  --build-dir DIR   where builds and logs go [build/nightly of this repository]
  --seconds N       fuzzing time of each target [3600]
USAGE
}

all=(address thread fuzz fate soak slurm ssh)
build_dir=$root/build/nightly seconds=3600 parts=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --build-dir | --seconds)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --build-dir) build_dir=$(realpath -m "$2") ;;
        --seconds) seconds=$2 ;;
        esac
        shift
        ;;
    *)
        [[ " ${all[*]} " = *" $1 "* ]] || { usage >&2; die "unknown option or part '$1'"; }
        parts+=("$1")
        ;;
    esac
    shift
done
[ ${#parts[@]} -gt 0 ] || parts=("${all[@]}")
mkdir -p "$build_dir"

run_address() { "$root/scripts/test.sh" --sanitize address,undefined --build-dir "$build_dir/address"; }
run_thread() { "$root/scripts/test.sh" --sanitize thread --build-dir "$build_dir/thread"; }
run_fuzz() { "$root/fuzz/run.sh" --seconds "$seconds" --build-dir "$build_dir/fuzz"; }
run_fate() { build_ffmpeg && "$root/scripts/fate.sh" --libdeblur "$build_dir/plain" --build-dir "$build_dir/fate"; }
run_soak() { # tests/filter/test_soak.py has 400 frames for each
    build_ffmpeg && DEBLUR_SOAK=250 ctest --test-dir "$build_dir/plain" -R soak --output-on-failure --timeout 86400 --no-tests=error
}
run_slurm() { build_ffmpeg && "$root/tests/trials/slurm.sh" "$ffmpeg"; }
run_ssh() { build_ffmpeg && "$root/tests/trials/ssh.sh" "$ffmpeg"; }

ffmpeg=$build_dir/plain/ffmpeg-7.1/install/bin/ffmpeg
build_ffmpeg() { "$root/scripts/test.sh" --only '^nothing$' --releases 7.1 --cuda no --build-dir "$build_dir/plain"; }

failed=()
for part in "${parts[@]}"; do
    say "$part (log in $build_dir/$part.log)"
    "run_$part" > "$build_dir/$part.log" 2>&1 || { failed+=("$part"); tail -n 20 "$build_dir/$part.log"; }
done
[ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}"
say "All passed"
