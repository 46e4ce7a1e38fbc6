#!/usr/bin/env bash
# Runs the fuzz targets with libFuzzer.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"

usage() {
    cat <<'USAGE'
Usage: run.sh [OPTION]... [TARGET]...

Builds the fuzz targets that need neither LibTorch nor oneDNN with clang, AddressSanitizer and
UndefinedBehaviorSanitizer, and runs each TARGET (weights, index, options, api), one after the other, from the corpus in
fuzz/corpus. What they find beyond it stays in the build directory. An input that crashes, takes 10 s or 400 MB ends the
run, and lies in the build directory.

  --seconds N      time for each target [3600]
  --build-dir DIR  where to work [build/fuzz of this repository]
USAGE
}

seconds=3600 build_dir=$root/build/fuzz targets=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --seconds | --build-dir)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --seconds) seconds=$2 ;;
        --build-dir) build_dir=$(realpath -m "$2") ;;
        esac
        shift
        ;;
    weights | index | options | api) targets+=("$1") ;;
    *) usage >&2; die "unknown option or target '$1'" ;;
    esac
    shift
done
[ ${#targets[@]} -gt 0 ] || targets=(weights index options api)

install_packages clang cmake ninja-build pkg-config nlohmann-json3-dev nettle-dev
flags='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer'
CC=clang CXX=clang++ cmake -S "$root/fuzz" -B "$build_dir" -G Ninja \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" \
    -DDEBLUR_FUZZ_ENGINE='-fsanitize=fuzzer;-fsanitize=address,undefined' > /dev/null
cmake --build "$build_dir"

for target in "${targets[@]}"; do
    say "Fuzzing $target for $seconds s"
    mkdir -p "$build_dir/found/$target" "$build_dir/artifacts"
    "$build_dir/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=400 -max_len=65536 -close_fd_mask=3 \
        -print_final_stats=1 -artifact_prefix="$build_dir/artifacts/$target-" \
        "$build_dir/found/$target" "$root/fuzz/corpus/$target" 2> "$build_dir/$target.log" ||
        { tail -n 40 "$build_dir/$target.log" >&2; die "$target: see $build_dir/artifacts"; }
    grep -E '^stat::|^Done' "$build_dir/$target.log"
done
