#!/usr/bin/env bash
# Adds the deblur filter to an FFmpeg source tree, or takes it out again.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: apply.sh [--reverse | --check | --diff] TREE

Adds the deblur filter to the FFmpeg sources (5.1 to 9.0) in TREE: copies the filter, and inserts it
into configure, libavfilter/Makefile, libavfilter/allfilters.c and doc/filters.texi; its tests go
into tests/ (FATE). Can be run again: what is there already is brought up to date, what needs no
change is not touched.

  --reverse  take the filter out; the tree is then as it was
  --check    only say whether TREE has the filter as it is here; if not, exit with status 1
  --diff     leave TREE alone, and print the patch that adds the filter to it
USAGE
}

die() { echo "apply.sh: $*" >&2; exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
copied=(libavfilter/vf_deblur.c libavfilter/vf_deblur_compat.h
    libavfilter/deblur_hwframes.c libavfilter/deblur_hwframes.h
    libavfilter/deblur_picture.c libavfilter/deblur_picture.h
    tests/fate/deblur.mak tests/ref/fate/filter-deblur)
edited=(configure libavfilter/Makefile libavfilter/allfilters.c doc/filters.texi tests/Makefile)

# What to insert: file, regular expression of the one line after which it goes, and the line itself.
# TYPE stands for the type of a filter in this release: AVFilter up to 7.1, then FFFilter.
insertions=(
    configure '^  --enable-libdc1394 '
    '  --enable-libdeblur       enable motion deblurring via libdeblur [no]'
    configure '^    libdc1394$'
    '    libdeblur'
    configure '^cropdetect_filter_deps='
    'deblur_filter_deps="libdeblur"'
    configure '^enabled libdc1394  '
    'enabled libdeblur         && require_pkg_config libdeblur libdeblur libdeblur/deblur.h deblur_version'
    libavfilter/Makefile '^OBJS-\$\(CONFIG_DEBLOCK_FILTER\) '
    'OBJS-$(CONFIG_DEBLUR_FILTER)                 += vf_deblur.o deblur_hwframes.o deblur_picture.o'
    libavfilter/allfilters.c '^extern const (AV|FF)Filter ff_vf_deblock;'
    'extern const TYPE ff_vf_deblur;'
    tests/Makefile '^include \$\(SRC_PATH\)/tests/fate/dca\.mak'
    'include $(SRC_PATH)/tests/fate/deblur.mak'
)
manual_anchor='^@anchor\{decimate\}$' # deblur.texi goes before this line

# for_each_insertion COMMAND: calls COMMAND FILE ANCHOR LINE for each, in the current directory.
for_each_insertion() {
    local i type
    type=$(sed -nE 's/^extern const (\w+) ff_vf_deblock;.*/\1/p' libavfilter/allfilters.c)
    for ((i = 0; i < ${#insertions[@]}; i += 3)); do
        "$1" "${insertions[i]}" "${insertions[i + 1]}" "${insertions[i + 2]/TYPE/$type}"
    done
}

demand_one() {
    local found
    found=$(grep -cE -- "$2" "$1" || true)
    [ "$found" = 1 ] || die "$tree/$1: one line should match '$2', but $found do;" \
        "is this the source of FFmpeg 5.1 to 9.0?"
}

remove_line() { grep -vxF -- "$3" "$1" > rest; cat rest > "$1"; rm rest; }

insert_line() {
    demand_one "$1" "$2"
    sed -i -E "\\#$2#a\\$3" "$1"
}

# source_of FILE: where a copied file comes from.
source_of() {
    case $1 in
    libavfilter/*) echo "$here/../filters/${1##*/}" ;;
    tests/*) echo "$here/fate/${1##*/}" ;;
    esac
}

# The next two work on the current directory, which holds the edited files.
take_out() {
    for_each_insertion remove_line
    # Earlier versions of the filter had other objects.
    sed -i '/^OBJS-\$(CONFIG_DEBLUR_FILTER) /d' libavfilter/Makefile
    sed -i '/^@section deblur$/,/^@anchor{/{/^@anchor{/!d}' doc/filters.texi
    rm -f "${copied[@]}"
}

put_in() {
    for_each_insertion insert_line
    demand_one doc/filters.texi "$manual_anchor"
    # N makes sed print what r has read before the line that matched.
    sed -i -E "/$manual_anchor/{
        r $here/deblur.texi
        N
    }" doc/filters.texi
    for file in "${copied[@]}"; do
        mkdir -p "${file%/*}"
        cp "$(source_of "$file")" "$file"
    done
    # configure finds filters by reading allfilters.c; one that it does not see vanishes silently.
    ( source_path=.
      eval "$(sed -n '/^find_filters_extern()/,/^}/p' configure)"
      find_filters_extern libavfilter/allfilters.c | grep -x deblur_filter > /dev/null ) ||
        die "$tree/configure would not see the filter in libavfilter/allfilters.c"
}

mode=apply
case ${1-} in
-h | --help) usage; exit ;;
--reverse | --check | --diff) mode=${1#--}; shift ;;
-*) usage >&2; die "unknown option '$1'" ;;
esac
[ $# = 1 ] || { usage >&2; die "one TREE is needed, $# are given"; }
for file in "${edited[@]}"; do
    [ -f "$1/$file" ] || die "'$1' is not an FFmpeg source tree: $file is missing"
done
tree=$(cd "$1" && pwd)

# a is the tree without the filter and b the tree with it, as far as the filter concerns it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/a"
(cd "$tree" && cp --parents "${edited[@]}" "$work/a")
(cd "$work/a" && take_out)
cp -r "$work/a" "$work/b"
(cd "$work/b" && put_in)

# same SIDE FILE: whether the tree's file is that of side a or b; both may be missing.
same() {
    if [ -e "$work/$1/$2" ]; then cmp -s "$work/$1/$2" "$tree/$2"; else [ ! -e "$tree/$2" ]; fi
}

# bring_to SIDE: makes the tree like side a or b.
bring_to() {
    for file in "${edited[@]}" "${copied[@]}"; do
        if same "$1" "$file"; then
            continue
        elif [ -e "$work/$1/$file" ]; then
            mkdir -p "$(dirname "$tree/$file")"
            cat "$work/$1/$file" > "$tree/$file"
        else
            rm "$tree/$file"
        fi
        echo "  $file"
    done
}

case $mode in
apply) echo "Adding the deblur filter to $tree"; bring_to b ;;
reverse) echo "Taking the deblur filter out of $tree"; bring_to a ;;
diff)
    cd "$work"
    GIT_CONFIG_GLOBAL=/dev/null git diff --no-index --no-prefix --no-color a b || [ $? = 1 ]
    ;;
check)
    for file in "${edited[@]}" "${copied[@]}"; do
        same b "$file" || die "$tree/$file does not have the filter as it is here"
    done
    ;;
esac
