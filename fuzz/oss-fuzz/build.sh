#!/bin/bash -eu
# What OSS-Fuzz runs: its compilers and flags are in the environment.
# SPDX-License-Identifier: LGPL-2.1-or-later
cmake -S "$SRC/libdeblur/fuzz" -B "$WORK/fuzz" -G Ninja -DDEBLUR_FUZZ_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$WORK/fuzz"
cp "$WORK/fuzz/fuzz-engine.so" "$OUT"
mkdir -p "$OUT/lib"
cp -L "$(pkg-config --variable=libdir nettle)/libnettle.so."? "$OUT/lib"
for target in weights index options api; do
    cp "$WORK/fuzz/fuzz-$target" "$OUT"
    patchelf --set-rpath '$ORIGIN/lib' "$OUT/fuzz-$target" 2> /dev/null ||
        chrpath -r '$ORIGIN/lib' "$OUT/fuzz-$target" 2> /dev/null || true
    (cd "$SRC/libdeblur/fuzz/corpus/$target" && zip -q "$OUT/fuzz-${target}_seed_corpus.zip" *)
done
