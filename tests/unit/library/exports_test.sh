#!/bin/bash
# Only deblur_* leaves libdeblur.so, only deblur_engine leaves the engine, and libdeblur.so does not
# need LibTorch. Usage: exports_test.sh LIBDEBLUR ENGINE
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail

exports() { nm --dynamic --defined-only --format=posix "$1" | cut -d' ' -f1 | sed 's/@@LIBDEBLUR_0.1$//' | grep -v '^LIBDEBLUR_0.1$' | sort; }

declared=$(sed -nE 's/^DEBLUR_API .*[ *](deblur_[a-z_]+)\(.*/\1/p' \
    "$(dirname "$0")/../../../src/include/libdeblur/deblur.h" | sort)
diff <(echo "$declared") <(exports "$1") ||
    { echo "$1 does not export exactly what deblur.h declares"; exit 1; }
diff <(echo deblur_engine) <(exports "$2") ||
    { echo "$2 does not export exactly its table"; exit 1; }
if readelf --dynamic "$1" | grep NEEDED | grep -E 'torch|c10'; then
    echo "$1 needs LibTorch"
    exit 1
fi
