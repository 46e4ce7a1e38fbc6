#!/usr/bin/env bash
# From a bare checkout to a deblurred video.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: quickstart.sh [--cuda] [--tools] [IN [OUT]]

Installs the packages that are missing (as root or through sudo), builds libdeblur and an ffmpeg with the
deblur filter, and deblurs the video IN into OUT [IN's name with -deblurred.mp4], its audio copied.

Without IN it films a blurred clip of its own, whose sharp truth is known, deblurs that, and prints the PSNR
before and after. Run again, it builds only what has changed.

  --tools   also build what networks are trained and measured with, which takes LibTorch; without IN it does so in any case,
            for a virtual camera films the clip
  --cuda    build for NVIDIA GPUs, too: takes the CUDA toolkit (nvcc), and PyPI's torch package or the folder of a LibTorch
            with CUDA that the environment variable DEBLUR_TORCH names

  OPTIONS   environment variable: options of the filter, such as model=strcnn_dtb:m=1:resolution=1280x720
USAGE
}

cuda='' tools=OFF
while [[ ${1-} = -* ]]; do
    case $1 in
    -h | --help) usage; exit ;;
    --cuda) cuda=yes ;;
    --tools) tools=ON ;;
    *) usage >&2; die "unknown option '$1'" ;;
    esac
    shift
done
[ $# -le 2 ] || { usage >&2; die "too many arguments"; }
input=${1-} output=${2-}
[ -z "$input" ] || [ -r "$input" ] || die "cannot read '$input'"

build=$root/build
install_packages "${library_packages[@]}"
[ -n "$input" ] || tools=ON
[ "$tools" = OFF ] || install_packages "${tool_packages[@]}"

options=()
if [ -n "$cuda" ]; then
    cuda_compiler > /dev/null || die "--cuda needs nvcc, of the CUDA toolkit, in the PATH or in /usr/local/cuda"
    build=$root/build/cuda
    mkdir -p "$build"
    torch=$(cuda_torch "$build")
    options=(-DDEBLUR_CUDA=ON -DCMAKE_PREFIX_PATH="$torch")
fi
build_library "$build" -DDEBLUR_BUILD_TESTS=OFF -DDEBLUR_BUILD_TOOLS="$tools" "${options[@]}"
"$root/scripts/build-ffmpeg.sh" --config full --libdeblur "$build" --build-dir "$build/ffmpeg"
ffmpeg=$build/ffmpeg/install/bin/ffmpeg
filter=deblur${OPTIONS:+=$OPTIONS}

if [ -n "$input" ]; then
    : "${output:=${input%.*}-deblurred.mp4}"
    say "Deblurring $input"
    "$ffmpeg" -hide_banner -i "$input" -vf "$filter" -c:a copy "$output"
    say "Done: $output"
    exit
fi

# psnr A B: mean PSNR of video A against video B, decibels.
psnr() {
    "$ffmpeg" -hide_banner -i "$1" -i "$2" -lavfi '[0]format=gbrp[a];[1]format=gbrp[b];[a][b]psnr' \
        -f null - 2>&1 | sed -n 's/.*PSNR.*average:\([^ ]*\).*/\1/p'
}

demo=$build/demo
clip=$demo/0
say "Filming a scene with the virtual high-speed camera"
"$build/bin/deblur-synth" --output "$demo" --frames 24 --width 480 --height 270 --speed 6 --seed 3
say "Deblurring it"
"$ffmpeg" -hide_banner -y -i "$clip/blurry.mkv" -vf "$filter" -c:v ffv1 "$clip/deblurred.mkv"
"$ffmpeg" -v error -y -i "$clip/blurry.mkv" -i "$clip/deblurred.mkv" -i "$clip/sharp.mkv" \
    -lavfi 'hstack=inputs=3,select=eq(n\,12)' -frames:v 1 "$clip/comparison.png"
cat <<SUMMARY

PSNR before: $(psnr "$clip/blurry.mkv" "$clip/sharp.mkv") dB
PSNR after:  $(psnr "$clip/deblurred.mkv" "$clip/sharp.mkv") dB
Blurred, deblurred and true side by side: $clip/comparison.png

Now your own: $ffmpeg -i IN.mp4 -vf deblur -c:a copy OUT.mp4
SUMMARY
