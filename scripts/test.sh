#!/usr/bin/env bash
# Installs what is needed, builds everything, and runs every test.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: test.sh [OPTION]...

Installs the packages that are missing (as root or through sudo), builds libdeblur and a small ffmpeg
with the filter for each FFmpeg release, and runs all tests. Run again, it builds only what has changed.

  --releases LIST   FFmpeg releases to build and test, in one word [5.1,7.1,9.0]
  --build-dir DIR   where to work [build/test of this repository]
  --only REGEX      run only the tests whose names match
  --sanitize LIST   instead, everything without FFmpeg, compiled with sanitizers in one word, such as
                    address,undefined or thread [in build/test-LIST, with dashes for commas]
  --cuda yes|no     also build the engine for NVIDIA GPUs against PyPI's torch, and run its tests, which are skipped
                    where there is no GPU [yes where nvcc is, but no with --only or --sanitize]
USAGE
}

releases=5.1,7.1,9.0 build_dir='' only=. sanitize='' cuda=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --releases | --build-dir | --only | --sanitize | --cuda)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --releases) releases=$2 ;;
        --build-dir) build_dir=$(realpath -m "$2") ;;
        --only) only=$2 ;;
        --sanitize) sanitize=$2 releases='' ;;
        --cuda) cuda=$2 ;;
        esac
        shift 2
        ;;
    *) usage >&2; die "unknown option '$1'" ;;
    esac
done

: "${build_dir:=$root/build/test${sanitize:+-${sanitize//,/-}}}" # the linker takes a path apart at commas
export ASAN_OPTIONS=allocator_may_return_null=1 # tests ask for more than there is
export LSAN_OPTIONS=suppressions=$root/scripts/leak.suppressions:print_suppressions=0
if [[ $sanitize = *thread* ]]; then # which does not know how the threads of libgomp and OpenBLAS wait for each other
    export TSAN_OPTIONS=allocator_may_return_null=1 OMP_THREAD_LIMIT=1 OPENBLAS_NUM_THREADS=1
fi
install_packages "${library_packages[@]}" "${tool_packages[@]}" libgtest-dev libgmock-dev libbenchmark-dev python3 xz-utils nasm libx264-dev \
    ffmpeg frei0r-plugins-dev parallel python3-venv

vapoursynth=$(vapoursynth_wheel "$build_dir/vapoursynth-wheel")
[ -n "$vapoursynth" ] || say "VapourSynth could not be installed: its plugin and tests are left out"
build_library "$build_dir" -DDEBLUR_WERROR=ON -DDEBLUR_BUILD_TESTS=ON -DDEBLUR_SANITIZE="$sanitize" \
    ${vapoursynth:+-DVAPOURSYNTH_INCLUDE_DIR="$vapoursynth"}

ffmpegs=()
for release in ${releases//,/ }; do
    "$root/scripts/build-ffmpeg.sh" --release "$release" --config small \
        --libdeblur "$build_dir" --build-dir "$build_dir/ffmpeg-$release"
    ffmpegs+=("$build_dir/ffmpeg-$release/install/bin/ffmpeg")
done

say "Testing"
cmake -S "$root" -B "$build_dir" -DDEBLUR_FFMPEG="$(IFS=';'; echo "${ffmpegs[*]}")" > /dev/null
cmake --build "$build_dir"
ctest --test-dir "$build_dir" --parallel "$(nproc)" --output-on-failure --timeout 600 --tests-regex "$only"

if [ -z "$cuda" ]; then
    cuda=no
    [ "$only$sanitize" != . ] || ! cuda_compiler > /dev/null || cuda=yes
fi
if [ "$cuda" != yes ]; then
    say "The engine for NVIDIA GPUs was not built (no nvcc, --only, --sanitize or --cuda no)"
    exit
fi
build_cuda "$build_dir/cuda" -DDEBLUR_WERROR=ON -DDEBLUR_BUILD_TESTS=ON -DDEBLUR_BUILD_TOOLS=OFF
say "Testing the engine for NVIDIA GPUs"
ctest --test-dir "$build_dir/cuda" --parallel "$(nproc)" --output-on-failure --timeout 600 --no-tests=error --tests-regex "$only"
