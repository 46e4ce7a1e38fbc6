# What the scripts share; to be sourced. Sets $root, the top of the repository.
# SPDX-License-Identifier: LGPL-2.1-or-later

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ ! -r /etc/os-release ] || . /etc/os-release

say() { printf '\n==> %s\n' "$*"; }
die() { echo "${0##*/}: $*" >&2; exit 1; }

# install_packages NAME...: those Debian packages that are missing, as root or through sudo.
install_packages() {
    local missing=() as_root=()
    command -v dpkg-query > /dev/null ||
        { echo "No dpkg here: make sure that you have $*" >&2; return 0; }
    for package; do
        [ "$(dpkg-query -Wf '${db:Status-Abbrev}' "$package" 2> /dev/null)" = 'ii ' ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo > /dev/null ||
            die "these packages are missing, and there is no sudo: ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Build tools and the libraries that libdeblur and its tools are made with. (OpenCL: Debian's oneDNN asks for it in CMake.)
library_packages=(build-essential cmake ninja-build pkg-config git
    libtorch-dev libdnnl-dev ocl-icd-opencl-dev libhwy-dev nlohmann-json3-dev libcli11-dev libfmt-dev
    libavformat-dev libavcodec-dev libavutil-dev libswscale-dev)

# build_library DIR OPTION...: libdeblur into DIR, configured with CMake's OPTIONs. Compiles a file per processor,
# as far as there are 1.5 GB of memory for each: LibTorch's headers are large.
build_library() {
    local dir=$1 jobs
    shift
    jobs=$(awk -v processors="$(nproc)" '/^MemAvailable/ { jobs = int($2 / 1.5e6) }
        END { print jobs < 1 ? 1 : jobs < processors ? jobs : processors }' /proc/meminfo)
    say "Building libdeblur in $dir"
    cmake -S "$root" -B "$dir" -G Ninja "$@"
    cmake --build "$dir" --parallel "$jobs"
}
