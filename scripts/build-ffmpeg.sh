#!/usr/bin/env bash
# Builds an ffmpeg and ffprobe with the deblur filter.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: build-ffmpeg.sh [OPTION]...

Fetches FFmpeg's source, with Debian's patches and security fixes, from the archives that this machine's
apt uses (or takes yours), adds the deblur filter, and builds ffmpeg and ffprobe. Run again, it builds only what has changed.

  --release 5.1|7.1|9.0   which FFmpeg to fetch [that of the running Debian, else 7.1]
  --ffmpeg-source PATH    a source directory (copied, never changed) or tarball instead
  --config full|small|native|bare
                          full: with the usual codecs, for work (installs the -dev packages that it
                          needs, as root or through sudo); small: for this project's tests; native: all that
                          needs no other library, for FFmpeg's own tests; bare: what deblur-bench measures, from
                          what a compiler and NVIDIA's headers make, installing nothing [full]
  --libdeblur DIR         where libdeblur is: a CMake build directory or an installation prefix
                          [build/ of this repository if there, else what pkg-config finds]
  --build-dir DIR         where to work [build/ffmpeg-RELEASE-CONFIG of this repository]
  --prefix DIR            where to install bin/ffmpeg and bin/ffprobe [BUILD_DIR/install]
  --jobs N                compile N files at a time [number of processors]
  --fetch-only FILE       build nothing, but write the source as a tarball to FILE
  --write-patch           build nothing, but write libavfilter-patch/patches/ffmpeg-RELEASE.patch
USAGE
}

release='' source='' config=full libdeblur='' build_dir='' prefix='' jobs=$(nproc) write_patch='' fetch_only=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit ;;
    --write-patch) write_patch=yes; shift ;;
    --release | --ffmpeg-source | --config | --libdeblur | --build-dir | --prefix | --jobs | --fetch-only)
        [ $# -gt 1 ] || die "$1 needs a value"
        case $1 in
        --release) release=$2 ;;
        --ffmpeg-source) source=$(realpath "$2") ;;
        --config) config=$2 ;;
        --libdeblur) libdeblur=$(realpath "$2") ;;
        --build-dir) build_dir=$(realpath -m "$2") ;;
        --prefix) prefix=$(realpath -m "$2") ;;
        --jobs) jobs=$2 ;;
        --fetch-only) fetch_only=$(realpath -m "$2") ;;
        esac
        shift 2
        ;;
    *) usage >&2; die "unknown option '$1'" ;;
    esac
done

if [ -z "$release" ]; then
    case ${VERSION_CODENAME-} in
    bookworm) release=5.1 ;;
    forky) release=9.0 ;;
    *) release=7.1 ;;
    esac
fi
case $release in
5.1) suite=bookworm ;;
7.1) suite=trixie ;;
9.0) suite=forky ;;
*) die "release '$release' is not one of 5.1, 7.1, 9.0; for others, use --ffmpeg-source" ;;
esac
case $config in
full | small | native | bare) ;;
*) die "config '$config' is not one of full, small, native, bare" ;;
esac
[ -z "$source" ] || release=own
: "${build_dir:=$root/build/ffmpeg-$release-$config}"
: "${prefix:=$build_dir/install}"
mkdir -p "$build_dir"

# archive_of REGEX: the address of the Debian archive, among those of this machine's apt, whose release matches.
archive_of() {
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' |
        awk -v names="$1" '$1 ~ names && $2 == "main" { print $3; exit }'
}

# fetch_debian_source PACKAGE DIR: unpacks the newest source of a package in the release's Debian, with the security team's
# fixes and Debian's patches, into DIR.
fetch_debian_source() {
    local mirror security sources codename="(${VERSION_CODENAME-stable}|stable|testing|unstable|sid)"
    mirror=$(archive_of "^$codename$")
    security=$(archive_of "^$codename-security$")
    [ -n "$mirror" ] && [ "${ID-}" = debian ] ||
        die "found no Debian archive in this machine's apt sources; use --ffmpeg-source"
    say "Fetching the source of $1 from $mirror ($suite)"
    sources="deb-src [signed-by=$debian_keyring] $mirror $suite main"
    if [ -n "$security" ]; then
        sources+=$'\n'"deb-src [signed-by=$debian_keyring] $security $suite-security main"
    else
        echo "Without the security archive: it is not among this machine's apt sources" >&2
    fi
    rm -rf "$build_dir/$1"_*.dsc "$2"
    if fetch_source "$build_dir" "$1" <<< "$sources"; then
        # apt has verified what it fetched by the archive's own signature.
        dpkg-source --no-check -x "$build_dir/$1"_*.dsc "$2"
        return
    fi
    # A mirror may have no more than the tarball, for a while or for good.
    echo "Without Debian's patches for $1: the archive does not have them now" >&2
    fetch_source "$build_dir" "$1" --tar-only <<< "$sources"
    mkdir -p "$2"
    tar -C "$2" --strip-components=1 -xf "$build_dir/$1"_*.orig.tar.?z
}

# NVIDIA's headers, without which FFmpeg has no frames in GPU memory: those that are installed, or, if this release
# finds them too old, those of the Debian that it comes from (65 kB).
find_nvidia_headers() {
    local headers=$build_dir/nv-codec-headers
    case $release in 5.1 | own) return ;; esac
    ! pkg-config --atleast-version 12.1.14 ffnvcodec || return 0
    if [ ! -e "$headers/lib/pkgconfig/ffnvcodec.pc" ]; then
        mkdir -p "$headers"
        fetch_debian_source nv-codec-headers "$headers/source"
        make -s -C "$headers/source" PREFIX="$headers" install
    fi
    export PKG_CONFIG_PATH="$headers/lib/pkgconfig:${PKG_CONFIG_PATH-}"
}

# Puts the sources, without the filter, into $build_dir/source, unless they are there.
unpack_source() {
    local tree=$build_dir/source
    [ ! -e "$tree/.complete" ] || return 0
    rm -rf "$tree"
    if [ -z "$source" ]; then
        fetch_debian_source ffmpeg "$tree"
    elif [ -d "$source" ]; then
        say "Copying $source"
        mkdir -p "$tree"
        cp -a "$source/." "$tree"
    else
        say "Unpacking $source"
        mkdir -p "$tree"
        tar -C "$tree" --strip-components=1 -xf "$source"
    fi
    touch "$tree/.complete"
}

# Lets pkg-config find libdeblur, and sets $library_dir.
find_libdeblur() {
    local pc
    if [ -z "$libdeblur" ] && [ -f "$root/build/CMakeCache.txt" ]; then
        libdeblur=$root/build
    fi
    if [ -f "$libdeblur/CMakeCache.txt" ]; then
        # A build tree: write for it what an installation would have.
        local sources library version
        sources=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$libdeblur/CMakeCache.txt")
        version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$libdeblur/CMakeCache.txt")
        # Not just any below: test.sh builds another one in cuda/.
        library=$libdeblur/$(sed -n 's/^CMAKE_INSTALL_LIBDIR:[A-Z]*=//p' "$libdeblur/CMakeCache.txt")/libdeblur.so
        [ -e "$library" ] || die "$libdeblur has no libdeblur.so yet: build libdeblur first"
        pc=$build_dir/pkgconfig/libdeblur.pc
        mkdir -p "${pc%/*}"
        cat > "$pc" <<PC
libdir=${library%/*}
Name: libdeblur
Description: build tree
Version: $version
Cflags: -I$sources/src/include
Libs: -L\${libdir} -ldeblur
PC
    elif [ -n "$libdeblur" ]; then
        pc=$(find "$libdeblur" -name libdeblur.pc -print -quit)
        [ -n "$pc" ] || die "$libdeblur is no CMake build directory, and has no libdeblur.pc"
    fi
    [ -z "${pc-}" ] || export PKG_CONFIG_PATH="${pc%/*}:${PKG_CONFIG_PATH-}"
    pkg-config --exists libdeblur || die "libdeblur is not there: build it, or use --libdeblur DIR"
    library_dir=$(pkg-config --variable=libdir libdeblur)
    echo "libdeblur $(pkg-config --modversion libdeblur) in $library_dir"
}

# One --enable-KIND=a,b,c option from a list in words.
enable() { local IFS=,; local kind=$1; shift; echo "--enable-$kind=$*"; }

configuration() {
    common=(--prefix="$prefix" --enable-libdeblur --disable-doc --disable-debug --disable-ffplay
        --extra-ldexeflags="-Wl,-rpath,$library_dir")
    ! command -v ccache > /dev/null || common+=(--cc="ccache ${CC:-cc}")
    if [ "$config" = small ]; then
        components=(--disable-everything --disable-autodetect --disable-network --optflags=-O1
            "$(enable protocol file pipe)" "$(enable indev lavfi)"
            "$(enable demuxer rawvideo yuv4mpegpipe nut matroska mov mpegts mpegvideo mxf h264 concat srt ffmetadata \
                data)"
            "$(enable muxer rawvideo yuv4mpegpipe nut matroska mov mp4 mpegts mpeg2video mxf h264 image2pipe \
                pcm_s32le null framemd5 framecrc md5)"
            "$(enable decoder rawvideo wrapped_avframe ffv1 h264 mpeg2video v210 prores dnxhd mjpeg pcm_s16le \
                pcm_s24le aac subrip movtext)"
            "$(enable encoder rawvideo wrapped_avframe ffv1 mpeg2video v210 prores_ks dnxhd mjpeg pcm_s16le \
                pcm_s24le pcm_s32le aac subrip movtext)"
            "$(enable parser h264 mpegvideo dnxhd mjpeg aac)"
            "$(enable bsf noise h264_metadata h264_mp4toannexb extract_extradata setts)"
            "$(enable filter deblur testsrc testsrc2 color sine scale format null copy setpts \
                settb fps trim select split concat loop tpad crop pad hstack scroll rotate tmix gblur bwdif \
                noise setparams setfield sendcmd hwupload hwupload_cuda hwdownload metadata signalstats limiter maskedclamp movie addroi psnr \
                ssim tinterlace fieldorder separatefields weave fade geq aresample setsar blend fillborders)")
        ! pkg-config --exists x264 ||
            components+=(--enable-gpl --enable-libx264 --enable-encoder=libx264)
        [ "$release" = own ] || components+=(--enable-ffnvcodec)
    elif [ "$config" = native ]; then
        components=(--disable-autodetect --enable-gpl)
    elif [ "$config" = bare ]; then
        components=(--disable-everything --disable-autodetect --disable-network --disable-x86asm --enable-ffnvcodec
            "$(enable protocol pipe)" "$(enable muxer null)" "$(enable encoder wrapped_avframe)"
            "$(enable filter deblur testsrc2 scale format trim loop hwupload)")
    else
        components=(--enable-gpl --enable-version3)
        for library in gnutls libaom libass libdav1d libfontconfig libfreetype libmp3lame libopus \
            libsrt libsvtav1 libvidstab libvorbis libvpx libwebp libx264 libx265 libzimg; do
            components+=("--enable-$library")
        done
        # drawtext needs it from 6.1 on; earlier releases don't know it.
        ! grep -q '^ *libharfbuzz$' "$build_dir/source/configure" ||
            components+=(--enable-libharfbuzz)
    fi
}

packages=(build-essential pkg-config nasm xz-utils)
[ "$config" = native ] || packages+=(libffmpeg-nvenc-dev)
[ "$config" != bare ] || packages=()
[ "$config" != full ] || packages+=(libaom-dev libass-dev libdav1d-dev libfontconfig-dev
    libfreetype-dev libharfbuzz-dev libgnutls28-dev libmp3lame-dev libopus-dev libsrt-gnutls-dev libsvtav1enc-dev
    libvidstab-dev libvorbis-dev libvpx-dev libwebp-dev libx264-dev libx265-dev libzimg-dev zlib1g-dev libbz2-dev
    liblzma-dev libva-dev libdrm-dev)

if [ -n "$fetch_only" ]; then
    unpack_source
    XZ_OPT=-2 tar -C "$build_dir" --exclude=.complete --exclude=.pc -cJf "$fetch_only" source
    exit
fi

if [ -n "$write_patch" ]; then
    unpack_source
    patch=$root/libavfilter-patch/patches/ffmpeg-$(cut -d. -f1,2 "$build_dir/source/RELEASE").patch
    "$root/libavfilter-patch/apply.sh" --diff "$build_dir/source" > "$patch"
    echo "$patch is written"
    exit
fi

install_packages "${packages[@]}"
find_libdeblur
[ "$config" = native ] || find_nvidia_headers
unpack_source
"$root/libavfilter-patch/apply.sh" "$build_dir/source"
configuration

objects=$build_dir/objects
mkdir -p "$objects"
cd "$objects"
printf '%s\n' "${common[@]}" "${components[@]}" > options.new
if ! cmp -s options.new options || [ ../source/configure -nt options ]; then
    say "Configuring FFmpeg $(cat ../source/RELEASE) ($config)"
    ../source/configure "${common[@]}" "${components[@]}" > configure.log ||
        { tail -n 20 configure.log >&2; die "configure failed; see $objects/ffbuild/config.log"; }
    grep -qx '#define CONFIG_DEBLUR_FILTER 1' config_components.h ||
        die "configure left the filter out"
    mv options.new options
fi
say "Building ffmpeg and ffprobe in $objects"
make -j"$jobs" ffmpeg ffprobe
make install-progs install-libs install-headers > /dev/null
say "$prefix/bin/ffmpeg is ready: ffmpeg -h filter=deblur explains the filter"
