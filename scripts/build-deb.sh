#!/usr/bin/env bash
# Makes Debian packages for the Debian that runs here.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: build-deb.sh [OPTION]...

Makes Debian packages of libdeblur for the release that runs here (Debian 12 or 13): libdeblur0, libdeblur-dev,
libdeblur-models, libdeblur-tools, frei0r-deblur and ffmpeg-deblur, which lets the distribution's own ffmpeg use the
filter. Installs what is needed to build them (as root or through sudo), the build dependencies of Debian's ffmpeg
included. Uses ccache if that is there. The maintainer of packages is who builds them: $DEBFULLNAME <$DEBEMAIL>, else
git's user.name and user.email.

  --output DIR      where the packages go [build/deb of this repository]
  --build-dir DIR   where to work [build/deb/work of this repository]

Afterwards:  sudo apt install ./build/deb/*.deb  &&  ffmpeg-deblur -i in.mp4 -vf deblur -c:a copy out.mp4
USAGE
}

output=$root/build/deb work=$root/build/deb/work
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --output | --build-dir)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --output) output=$(realpath -m "$2") ;;
        --build-dir) work=$(realpath -m "$2") ;;
        esac
        shift 2
        ;;
    *) usage >&2; die "unknown option '$1'" ;;
    esac
done
[ "${ID-}" = debian ] || die "this makes packages for Debian, and this is ${PRETTY_NAME-something else}"
case $VERSION_ID in 12 | 13) ;; *) die "Debian $VERSION_ID is neither 12 nor 13" ;; esac

# Unpacks the source of the very ffmpeg that is installed, the distribution's patches applied, into $1.
unpack_ffmpeg() {
    local version file
    version=$(dpkg-query -Wf '${source:Version}' ffmpeg)
    file=$work/ffmpeg_${version#*:}.dsc
    if [ ! -e "$file" ]; then
        say "Fetching the source of Debian's ffmpeg $version"
        apt-get indextargets --format \
            "deb-src [signed-by=$debian_keyring] \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
            'Created-By: Packages' 'Origin: Debian' | sort -u | fetch_source "$work" "ffmpeg=$version"
    fi
    dpkg-source --no-check -x "$file" "$1"
}

# Copies the sources, without what git ignores, and with debian/ where Debian's tools look for it, into $1.
copy_sources() {
    mkdir -p "$1"
    git -C "$root" ls-files -z --cached --others --exclude-standard |
        tar -C "$root" --null --files-from=- --ignore-failed-read -c | tar -C "$1" -x
    cp -a "$1/packaging/debian" "$1/debian"
}

# Who builds packages answers for them. $1: the folder debian/.
set_maintainer() {
    local name=${DEBFULLNAME-$(git -C "$root" config user.name || true)}
    local email=${DEBEMAIL-$(git -C "$root" config user.email || true)}
    [ -n "$name" ] && [ -n "$email" ] || return 0
    DEBLUR_MAINTAINER="$name <$email>" \
        perl -pi -e 's/^(Maintainer:| --) .*?>/$1 $ENV{DEBLUR_MAINTAINER}/' "$1/control" "$1/changelog"
}

install_packages dpkg-dev ffmpeg git xz-utils
mkdir -p "$work" "$output"
version=$(sed -nE 's/^project\(libdeblur VERSION ([0-9.]+).*/\1/p' "$root/CMakeLists.txt")
tree=$work/libdeblur-$version
rm -rf "$tree"
copy_sources "$tree"
set_maintainer "$tree/debian"
unpack_ffmpeg "$tree/ffmpeg"
# Packages of different releases differ, and an upgrade of the distribution upgrades them.
sed -i "1s/(\(.*\))/(\1~deb$VERSION_ID)/" "$tree/debian/changelog"

say "Installing what the packages are built with"
apt_install build-dep --arch-only "$tree" "$tree/ffmpeg"

if [ -d /usr/lib/ccache ]; then
    # debhelper gives builds a home of their own, where ccache would find nothing.
    CCACHE_DIR=$(ccache --get-config cache_dir)
    : "${CCACHE_CONFIGPATH:=${XDG_CONFIG_HOME:-$HOME/.config}/ccache/ccache.conf}"
    export CCACHE_DIR CCACHE_CONFIGPATH PATH=/usr/lib/ccache:$PATH
fi
say "Building the packages"
rm -f "$work"/*.deb
(cd "$tree" && dpkg-buildpackage -b -us -uc --jobs="$(compile_jobs)")
cp "$work"/*.deb "$output"
say "The packages are ready"
ls -l "$output"/*.deb
