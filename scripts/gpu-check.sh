#!/usr/bin/env bash
# Builds the engine for NVIDIA GPUs where there is no network, tests it and measures it.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: gpu-check.sh --pack DIR
       gpu-check.sh [OPTION]...

With --pack, on a machine like the one on which test.sh runs: collects into DIR what the other machine lacks (some
18 MB: headers, GoogleTest, the source of FFmpeg).

Without, on a machine with an NVIDIA GPU, the CUDA toolkit, CMake, Ninja, and a Python with torch: builds, runs the GPU
tests, measures; with what --pack has made, also a whole ffmpeg, for which it needs make. No network, nothing is
installed. Everything is attempted even if something fails before;
OUTPUT/results.json and OUTPUT/results.txt tell what came of it, and the exit status is 0 if everything went well.

  --with DIR          what --pack has made [pack/ of this repository, if there]
  --output DIR        where results go [BUILD_DIR/results]
  --build-dir DIR     where to build [build/gpu-check of this repository]
  --minutes N         stop measuring after so many [9]
  --train MINUTES CHECKPOINT
                      then go on training from the checkpoint of deblur-train (a folder's checkpoint.safetensors; one that
                      does not exist begins anew); OUTPUT/training has what it leaves
  --data DIR          photographs and the like, for --train, as for deblur-train
  --train-options '...'   more options for deblur-train; --resume needs those that it was begun with
  --without-gpu       there is none, and that is no failure: build everything, see the tests skipped
USAGE
}

pack='' with='' output='' build_dir=$root/build/gpu-check minutes=9 train='' checkpoint='' data='' train_options=''
needs_gpu=yes
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --without-gpu) needs_gpu=; shift ;;
    --train)
        [ $# -gt 2 ] || die "--train needs MINUTES and CHECKPOINT"
        train=$2 checkpoint=$(realpath -m "$3")
        shift 3
        ;;
    --pack | --with | --output | --build-dir | --minutes | --data | --train-options)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --pack) pack=$(realpath -m "$2") ;;
        --with) with=$(realpath "$2") ;;
        --output) output=$(realpath -m "$2") ;;
        --build-dir) build_dir=$(realpath -m "$2") ;;
        --minutes) minutes=$2 ;;
        --data) data=$(realpath "$2") ;;
        --train-options) train_options=$2 ;;
        esac
        shift 2
        ;;
    *) usage >&2; die "unknown option '$1'" ;;
    esac
done

if [ -n "$pack" ]; then
    install_packages pkg-config libhwy-dev nlohmann-json3-dev libcli11-dev libfmt-dev libgtest-dev nettle-dev zlib1g-dev \
        libffmpeg-nvenc-dev
    mkdir -p "$pack/include" "$pack/lib/pkgconfig"
    cp -rL /usr/include/{hwy,nettle,nlohmann,CLI,fmt,ffnvcodec,zlib.h} "$pack/include"
    # shellcheck disable=SC2016 # pkg-config's variable, not ours
    sed 's|^prefix=.*|prefix=${pcfiledir}/../..|' "$(pkg-config --path ffnvcodec)" > "$pack/lib/pkgconfig/ffnvcodec.pc"
    cp -L "/usr/include/zconf.h" "$pack/include" 2> /dev/null ||
        cp -L /usr/include/*/zconf.h "$pack/include"
    cp -L /usr/lib/*/libz.so "$pack/lib" # to link with; every system has one to run with
    cp -L /usr/lib/*/libnettle.so.8 "$pack/lib"
    rm -rf "$pack/googletest"
    cp -rL /usr/src/googletest "$pack/googletest"
    "$root/scripts/build-ffmpeg.sh" --fetch-only "$pack/ffmpeg.tar.xz"
    say "$(du -sh "$pack" | cut -f1) in $pack"
    exit
fi

[ -n "$with" ] || [ ! -d "$root/pack" ] || with=$root/pack
[ -z "$train" ] || [ -n "$data" ] || die "--train needs --data DIR"
: "${output:=$build_dir/results}"
mkdir -p "$build_dir" "$output"
rm -f "$output"/*.json "$output"/*.txt "$output"/*.log "$output"/*.xml
deadline=$((SECONDS + 60 * minutes))

# step NAME COMMAND...: runs a command until the deadline, keeps what it says in NAME.log, and notes what came of it.
steps=$output/steps.txt
step() {
    local name=$1 begin=$SECONDS status=0 left=$((deadline - SECONDS))
    shift
    say "$name"
    if [ "$left" -lt 5 ]; then
        echo "not begun: the time is up" | tee "$output/$name.log"
        status=124
    else
        # timeout cannot run functions. A job of its own can be ended with all that it has begun.
        set -m
        ("$@") > >(tee "$output/$name.log") 2>&1 &
        local job=$!
        (sleep "$left" && kill -TERM -- "-$job") > /dev/null 2>&1 &
        local watch=$!
        set +m
        wait "$job" || status=$?
        kill -- "-$watch" 2> /dev/null || true
        wait "$watch" 2> /dev/null || true
    fi
    echo "$name $status $((SECONDS - begin))" >> "$steps"
    return 0
}

machine() {
    uname -srm
    nproc | sed 's/$/ processors/'
    ! command -v nvidia-smi > /dev/null ||
        nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm,power.limit --format=csv
    "$(cuda_compiler)" --version | tail -n 2
    cuda_torch "$build_dir"
}

options=()
[ -z "$with" ] || options+=(-DDEBLUR_PACK="$with")
build() { build_cuda "$build_dir" -DDEBLUR_BUILD_TESTS=ON -DDEBLUR_BUILD_TOOLS=ON -DDEBLUR_MEDIA=OFF "${options[@]}"; }

run_tests() {
    ctest --test-dir "$build_dir" --output-on-failure --timeout 180 --no-tests=error \
        --output-junit "$output/tests.xml"
}

bench=$build_dir/bin/deblur-bench
sizes=640x480,1280x720,1920x1080,3840x2160
network() {
    "$bench" --device cuda --sizes "$sizes" --precisions fp16,bf16,fp32 --steps 5 --json "$output/network.json"
}
plain() {
    "$bench" --device cuda --sizes 640x480,1280x720 --precisions fp16 --steps 3 --compare --json "$output/plain.json"
}
library() {
    "$bench" --device cuda --sizes "$sizes" --precisions fp16 --streams 1,2,4,8 --frames 200 \
        --json "$output/library.json"
}

# One with the filter, if its source was packed.
ffmpeg=$build_dir/ffmpeg-bare
build_ffmpeg() {
    PKG_CONFIG_PATH=$with/lib/pkgconfig "$root/scripts/build-ffmpeg.sh" --ffmpeg-source "$with/ffmpeg.tar.xz" --config bare \
        --libdeblur "$build_dir" --build-dir "$ffmpeg"
}
# whole MEMORY JSON: with the frames in the host's memory, or in the GPU's.
whole() {
    "$bench" --device cuda --sizes "$sizes" --precisions fp16 --ffmpeg "$ffmpeg/install/bin/ffmpeg" --memory "$1" \
        --frames 500 --json "$2"
}

# FFmpeg's libraries, no more of them than the trainer reads and writes pictures with.
media() {
    local from=$build_dir/ffmpeg
    [ -n "$with" ] || return 0 # then those of the system are taken
    mkdir -p "$from/source"
    [ -e "$from/source/configure" ] || tar -C "$from/source" --strip-components=1 -xf "$with/ffmpeg.tar.xz"
    cd "$from/source"
    [ -e ffbuild/config.mak ] || ./configure --prefix="$from/install" --enable-shared --disable-static --disable-x86asm --disable-autodetect \
        --disable-everything --disable-programs --disable-doc --disable-network --enable-zlib \
        --extra-cflags="-I$with/include" --extra-ldflags="-L$with/lib" --enable-protocol=file,pipe \
        --enable-demuxer=image2,mov,matroska,avi --enable-muxer=image2,matroska \
        --enable-decoder=png,mjpeg,webp,bmp,tiff,h264,mpeg4,ffv1,rawvideo --enable-parser=png,mjpeg,h264,mpeg4video \
        --enable-encoder=png,mpeg4,ffv1
    make -j"$(nproc)" install > /dev/null
}
training() {
    local dir=$output/training
    mkdir -p "$dir"
    [ ! -e "$checkpoint" ] || cp "$checkpoint" "$dir/checkpoint.safetensors"
    PKG_CONFIG_PATH=$build_dir/ffmpeg/install/lib/pkgconfig \
        build_cuda "$build_dir" -DDEBLUR_BUILD_TESTS=ON -DDEBLUR_BUILD_TOOLS=ON -DDEBLUR_MEDIA=ON "${options[@]}"
    # shellcheck disable=SC2086 # words are meant
    "$build_dir/bin/deblur-train" --device cuda --data "$data" --output "$dir" --resume --minutes "$train" \
        --threads "$(nproc)" $train_options
}

# All that is there as one JSON object and a text.
summary() {
    python3 - "$output" "$needs_gpu" <<'PYTHON'
import json, pathlib, sys
import xml.etree.ElementTree as xml

output, needs_gpu = pathlib.Path(sys.argv[1]), bool(sys.argv[2])
read = lambda path: path.read_text() if path.exists() else ""
steps = {name: {"status": int(status), "seconds": int(seconds)}
         for name, status, seconds in map(str.split, read(output / "steps.txt").splitlines())}
tests = {}
if (output / "tests.xml").exists():
    for case in xml.parse(output / "tests.xml").getroot().iter("testcase"):
        tests[case.get("name")] = {"run": "passed", "fail": "failed"}.get(case.get("status"), "skipped")
load = lambda name: json.loads(read(output / name) or "[]")
count = lambda result: sum(value == result for value in tests.values())
tables = ("network", "plain", "library", "ffmpeg", "ffmpeg_cuda")
unfused = sorted(log.name for log in output.glob("*.log") # cuda_ops.cpp
                 if "cuDNN has no fused convolution" in log.read_text(errors="replace"))
results = {"machine": read(output / "machine.log").splitlines(), "steps": steps, "tests": tests, "unfused": unfused,
           **{name: load(f"{name}.json") for name in tables}}
(output / "results.json").write_text(json.dumps(results, indent=2) + "\n")

lines = results["machine"] + ["", f"tests: {count('passed')} passed, {count('failed')} failed, {count('skipped')} skipped"]
lines += [f"  {name}: {result}" for name, result in tests.items() if result != "passed"]
lines += ["", "steps:"] + [f"  {name}: {'ok' if not s['status'] else 'FAILED (%d)' % s['status']}, {s['seconds']} s"
                            for name, s in steps.items()]
for name in tables:
    lines += ["", name + ":", read(output / f"{name}.log").rstrip()]
(output / "results.txt").write_text("\n".join(lines) + "\n")
print("\n".join(lines))

needed = ("build", "tests") if not needs_gpu else tuple(steps)
went_well = all(name in steps and steps[name]["status"] == 0 for name in needed)
sys.exit(0 if went_well and not count("failed") and (not needs_gpu or not count("skipped")) else 1)
PYTHON
}

step machine machine
step build build
step tests run_tests
step network network
step plain plain
step library library
if [ -n "$with" ]; then
    step build_ffmpeg build_ffmpeg
    step ffmpeg whole host "$output/ffmpeg.json"
    step ffmpeg_cuda whole cuda "$output/ffmpeg_cuda.json"
else
    echo "ffmpeg is not measured: there is no pack with its source (--pack, --with)" |
        tee "$output/ffmpeg.log" "$output/ffmpeg_cuda.log"
fi
if [ -n "$train" ]; then
    deadline=$((SECONDS + 60 * train + 600)) # its own time
    step media media
    step training training
fi
say "Results in $output"
summary
