#!/bin/sh
# Builds the distribution's libavfilter with the filter deblur in it.
#
# Usage: build-libavfilter.sh FFMPEG OUTPUT [JOBS]
#   FFMPEG   the source of the ffmpeg that is installed, with the distribution's patches
#   OUTPUT   folder to write libavfilter.so.N into
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

ffmpeg=$(realpath "$1") output=$(realpath -m "$2") jobs=${3:-1}
here=$(dirname "$(realpath "$0")")

"$here/../libavfilter-patch/apply.sh" "$ffmpeg"
cd "$ffmpeg"

# Configured as the program is that will load it, so that every filter is there and structures are the same.
eval "set -- $(ffmpeg -hide_banner -buildconf | sed -n 's/^ *\(--.*\)/\1/p' | tr '\n' ' ')"
./configure "$@" --enable-libdeblur --disable-doc --disable-debug ||
    { tail -n 20 ffbuild/config.log; exit 1; }
grep -qx '#define CONFIG_DEBLUR_FILTER 1' config_components.h
# The program warns in every run if it sees other options than its own.
sed -i '/^#define FFMPEG_CONFIGURATION/s/ --enable-libdeblur.*"$/"/' config.h

# What libavfilter is linked with need not be compiled: the program has it.
others=
for name in avutil swscale swresample avcodec avformat postproc; do
    library=$(/sbin/ldconfig -p | sed -n "s/.* => \(.*\/lib$name\.so\.[0-9]*\)$/\1/p" | head -n 1)
    [ -n "$library" ] || continue
    ln -sf "$library" "lib$name/lib$name.so"
    others="$others -o lib$name/lib$name.so"
done
# shellcheck disable=SC2086
make -j"$jobs" $others libavfilter/libavfilter.so

library=$(readlink -f libavfilter/libavfilter.so)
soname=$(objdump -p "$library" | sed -n 's/^ *SONAME *//p')
mkdir -p "$output"
install -m 644 "$library" "$output/$soname"
