#!/usr/bin/env bash
# Looks for mistakes in the sources without running them: cppcheck and clang-tidy.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: lint.sh [OPTION]... [REGEX]...

Runs cppcheck over all sources, then clang-tidy over those whose paths match a REGEX (all: takes most
of an hour on two cores, for LibTorch's headers are large). What is found is printed; it is an error.
The filter is among them if there is a build directory of build-ffmpeg.sh to find FFmpeg's headers in.

  --cppcheck       cppcheck alone: seconds
  --ffmpeg DIR     that directory [build/ffmpeg of this repository]
  --build-dir DIR  where to work [build/lint of this repository]
USAGE
}

build_dir=$root/build/lint ffmpeg=$root/build/ffmpeg only_cppcheck='' patterns=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --cppcheck) only_cppcheck=yes ;;
    --build-dir | --ffmpeg)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --build-dir) build_dir=$(realpath -m "$2") ;;
        --ffmpeg) ffmpeg=$(realpath "$2") ;;
        esac
        shift
        ;;
    -*) usage >&2; die "unknown option '$1'" ;;
    *) patterns+=("$1") ;;
    esac
    shift
done

install_packages cppcheck
say "cppcheck"
cd "$root"
cppcheck --quiet --error-exitcode=1 --library=googletest --std=c++17 --inline-suppr \
    --enable=warning,performance,portability --suppressions-list=scripts/cppcheck.suppressions \
    -I src -I src/include -I tests src filters tests
[ -z "$only_cppcheck" ] || exit 0

install_packages "${library_packages[@]}" libgtest-dev libgmock-dev libbenchmark-dev clang-tidy libomp-dev
say "clang-tidy"
if [ -d "$ffmpeg/objects" ]; then
    clang-tidy --quiet filters/*.c -- -DHAVE_AV_CONFIG_H -I "$ffmpeg/objects" -I "$ffmpeg/source" -I "$ffmpeg/source/libavfilter" \
        -I src/include
else
    say "Without the filter: there is no $ffmpeg"
fi
# Precompiled headers are the compiler's own.
cmake -S "$root" -B "$build_dir" -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > /dev/null
run-clang-tidy -quiet -p "$build_dir" "${patterns[@]:-$root/(src|tests)/}"
