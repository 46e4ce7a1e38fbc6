# What the scripts share; to be sourced. Sets $root, the top of the repository.
# SPDX-License-Identifier: LGPL-2.1-or-later

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ ! -r /etc/os-release ] || . /etc/os-release

say() { printf '\n==> %s\n' "$*"; }
die() { echo "${0##*/}: $*" >&2; exit 1; }

# as_root COMMAND...: as root, or through sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo: $*"
    fi
}

# apt_install ARGUMENT...: apt-get with these arguments, up to date and without questions.
apt_install() {
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@"
}

# install_packages NAME...: those Debian packages that are missing, as root or through sudo.
install_packages() {
    local missing=()
    command -v dpkg-query > /dev/null ||
        { echo "No dpkg here: make sure that you have $*" >&2; return 0; }
    for package; do
        [ "$(dpkg-query -Wf '${db:Status-Abbrev}' "$package" 2> /dev/null)" = 'ii ' ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    apt_install install "${missing[@]}"
}

# fetch_source DIR PACKAGE OPTION...: downloads a source package into DIR with `apt-get source OPTION...`, from the
# archives that stdin lists, with lists of its own so that the system's apt stays as it is.
fetch_source() {
    local dir=$1 package=$2 apt=$1/apt
    shift 2
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    cat > "$apt/sources.list"
    local options=(-q -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=-
        -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache"
        -o "APT::Sandbox::User=$(id -un)")
    apt-get "${options[@]}" update
    (cd "$dir" && apt-get "${options[@]}" source --download-only "$@" "$package")
}
debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Build tools and the libraries that libdeblur is made with. (OpenCL: Debian's oneDNN asks for it in CMake.)
library_packages=(build-essential cmake ninja-build pkg-config git
    libdnnl-dev ocl-icd-opencl-dev libhwy-dev nettle-dev nlohmann-json3-dev)
# What its tools take besides, and the tests.
tool_packages=(libtorch-dev libcli11-dev libfmt-dev libavformat-dev libavcodec-dev libavutil-dev libswscale-dev
    libopencv-video-dev)

# vapoursynth_wheel DIR: PyPI's VapourSynth, 18 MB, into DIR, and prints the folder of its headers; nothing if it cannot be had.
# It is unpacked for its core: its Python module wants a newer Python than Debian 12 has.
vapoursynth_wheel() {
    local version=81
    if [ ! -e "$1/vapoursynth-$version.dist-info" ]; then
        python3 -m venv "$1.env" >&2 &&
            "$1.env/bin/pip" install --quiet --disable-pip-version-check --upgrade --target "$1" --no-deps --ignore-requires-python \
                --only-binary=:all: --python-version 3.12 --implementation cp --abi abi3 \
                --platform "manylinux_2_28_$(uname -m)" "vapoursynth==$version" >&2 || return 0
    fi
    echo "$1/vapoursynth/include"
}

# compile_jobs: how many files to compile at a time: one per processor, as far as there are 1.5 GB of memory for each, for
# LibTorch's headers are large.
compile_jobs() {
    awk -v processors="$(nproc)" '/^MemAvailable/ { jobs = int($2 / 1.5e6) }
        END { print jobs < 1 ? 1 : jobs < processors ? jobs : processors }' /proc/meminfo
}

# build_library DIR OPTION...: libdeblur into DIR, configured with CMake's OPTIONs.
build_library() {
    local dir=$1
    shift
    say "Building libdeblur in $dir"
    cmake -S "$root" -B "$dir" -G Ninja "$@"
    cmake --build "$dir" --parallel "$(compile_jobs)"
}

# cuda_compiler: where nvcc is; nothing, and failure, where there is none.
cuda_compiler() {
    command -v nvcc || PATH="${CUDA_HOME:-}/bin:/usr/local/cuda/bin" command -v nvcc
}

# cuda_torch DIR: the folder of a LibTorch with CUDA. It is $DEBLUR_TORCH; or python3's torch package; or that of
# a virtual environment in DIR, which is made (3 GB from PyPI).
cuda_torch() {
    local environment=$1/torch python path
    local find='import importlib.util; found = importlib.util.find_spec("torch")
print(found.submodule_search_locations[0] if found else "")'
    for python in "" python3 "$environment/bin/python"; do
        path=${DEBLUR_TORCH-}
        [ -z "$python" ] || path=$("$python" -c "$find" 2> /dev/null || true)
        if [ -n "$path" ] && [ -e "$path/lib/libtorch_cuda.so" ]; then
            echo "$path"
            return
        fi
        [ -n "$python" ] || [ -z "$path" ] || die "DEBLUR_TORCH=$path has no lib/libtorch_cuda.so"
    done
    install_packages python3-venv >&2
    say "Installing PyPI's torch in $environment" >&2
    python3 -m venv "$environment" >&2
    # torch by its hash, then what it depends on, in the versions that it names.
    "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --requirement "$root/scripts/torch-requirements.txt" >&2
    "$environment/bin/pip" install --quiet --disable-pip-version-check torch >&2
    "$environment/bin/python" -c "$find"
}

# build_cuda DIR OPTION...: the engine for NVIDIA GPUs alone, and what belongs to it, into DIR.
build_cuda() {
    local dir=$1 torch
    shift
    mkdir -p "$dir"
    torch=$(cuda_torch "$dir")
    build_library "$dir" -DDEBLUR_CUDA=ON -DDEBLUR_CPU=OFF -DCMAKE_PREFIX_PATH="$torch" "$@"
}
