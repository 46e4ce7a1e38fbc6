#!/usr/bin/env bash
# Runs the filters' part of FATE, FFmpeg's own tests, in an FFmpeg with deblur.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: fate.sh [OPTION]...

Builds an ffmpeg that has all that needs no other library, with the deblur filter, and runs FATE's tests of
filters: those that need none of FATE's samples, unless FATE_SAMPLES says where they are. Then deblur's own.

  --release 5.1|7.1|9.0   [7.1]
  --libdeblur DIR         a CMake build directory with tools [build/test of this repository]
  --build-dir DIR         where to work [build/fate-RELEASE of this repository]
USAGE
}

release=7.1 libdeblur=$root/build/test build_dir=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --release | --libdeblur | --build-dir)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --release) release=$2 ;;
        --libdeblur) libdeblur=$(realpath "$2") ;;
        --build-dir) build_dir=$(realpath -m "$2") ;;
        esac
        shift 2
        ;;
    *) usage >&2; die "unknown option '$1'" ;;
    esac
done
: "${build_dir:=$root/build/fate-$release}"

"$root/scripts/build-ffmpeg.sh" --release "$release" --config native --libdeblur "$libdeblur" --build-dir "$build_dir"

say "Testing FFmpeg's filters"
fate=(make --no-print-directory -C "$build_dir/objects" ${FATE_SAMPLES:+SAMPLES="$FATE_SAMPLES"})
"${fate[@]}" fate-list | grep '^fate-filter-' > "$build_dir/tests" # those that need samples are not in it without them
"${fate[@]}" -j"$(nproc)" $(cat "$build_dir/tests") > "$build_dir/fate.log" 2>&1 ||
    { tail -n 50 "$build_dir/fate.log" >&2; die "one of FFmpeg's tests failed"; }
say "$(grep -c '^TEST' "$build_dir/fate.log") of FFmpeg's tests passed; deblur's own:"
DEBLUR_FFMPEG="$build_dir/install/bin/ffmpeg" DEBLUR_MAKE_WEIGHTS="$libdeblur/bin/deblur-make-weights" \
    python3 "$root/tests/filter/test_fate.py"
