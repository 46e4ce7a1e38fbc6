// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/engine_loader.h"

#include <atomic>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <unistd.h>

#include "base/error.h"
#include "base/regular_file.h"
#include "library/location.h"
#include "library/process_limits.h"

namespace deblur {

namespace {

std::atomic<pid_t> loaded_in = 0; // the process that has loaded an engine

struct Place {
    const char *variable, *file;
};

Place place_of(EngineKind kind) {
    switch (kind) {
    case EngineKind::Torch:
        return {"DEBLUR_ENGINE_TORCH", DEBLUR_ENGINES_FROM_LIBRARY "/engine-torch.so"};
    case EngineKind::Cuda:
        return {"DEBLUR_ENGINE_CUDA", DEBLUR_ENGINES_FROM_LIBRARY "/engine-cuda.so"};
    default:
        return {"DEBLUR_ENGINE", DEBLUR_ENGINES_FROM_LIBRARY "/engine-cpu.so"};
    }
}

// The loader maps what a shared object says that it holds, whether that is in the file or not, and waits for FIFOs.
void check_is_whole(const std::string &path) {
    const RegularFile file(path);
    ElfW(Ehdr) header{};
    if (file.size() < sizeof header)
        throw std::runtime_error("is no shared object");
    file.read(0, &header, sizeof header);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN)
        throw std::runtime_error("is no shared object");
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        ElfW(Phdr) segment{};
        const uint64_t offset = header.e_phoff + i * sizeof segment;
        if (header.e_phentsize != sizeof segment || file.size() < sizeof segment ||
            offset > file.size() - sizeof segment)
            throw std::runtime_error("is truncated");
        file.read(offset, &segment, sizeof segment);
        if (segment.p_offset > file.size() || segment.p_filesz > file.size() - segment.p_offset)
            throw std::runtime_error("is truncated");
    }
}

// The table under its name: an object that is large enough, and says that it is one.
const deblur_engine_table &table_of(void *module) {
    const void *const symbol = dlsym(module, DEBLUR_ENGINE_SYMBOL);
    Dl_info info{};
    void *found = nullptr;
    if (!symbol || dladdr1(symbol, &info, &found, RTLD_DL_SYMENT) == 0 || !found)
        throw std::runtime_error("is not an engine of libdeblur");
    const auto &entry = *static_cast<const ElfW(Sym) *>(found);
    if (ELF64_ST_TYPE(entry.st_info) != STT_OBJECT || entry.st_size < sizeof(deblur_engine_head))
        throw std::runtime_error("is not an engine of libdeblur");
    const auto &head = *static_cast<const deblur_engine_head *>(symbol);
    if (std::memcmp(head.magic, DEBLUR_ENGINE_MAGIC, sizeof head.magic) != 0)
        throw std::runtime_error("is not an engine of libdeblur");
    if (head.abi != DEBLUR_ENGINE_ABI)
        throw std::runtime_error("has version " + std::to_string(head.abi) +
                                 " of the interface, must have " +
                                 std::to_string(DEBLUR_ENGINE_ABI));
    if (entry.st_size != sizeof(deblur_engine_table))
        throw std::runtime_error("has a table of another size");
    return *static_cast<const deblur_engine_table *>(symbol);
}

const deblur_engine_table &load(EngineKind kind, const std::string &path) {
    check_is_whole(path);
    // Opening a module that is loaded already only finds it.
    void *module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (!module) {
        check_address_space(kind);
        module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    }
    if (!module)
        throw std::runtime_error(std::string("cannot be loaded: ") + dlerror());
    loaded_in = getpid();
    return table_of(module);
}

} // namespace

std::string engine_path(EngineKind kind) {
    const Place place = place_of(kind);
    return std::filesystem::absolute(locate(place.variable, place.file)).string();
}

const deblur_engine_table &load_engine(EngineKind kind) {
    const std::string path = engine_path(kind);
    try {
        return load(kind, path);
    } catch (const Error &) {
        throw;
    } catch (const std::runtime_error &error) {
        throw Error(DEBLUR_NO_ENGINE, "engine '" + path + "': " + error.what() + "; " +
                                          place_of(kind).variable + " sets the path");
    }
}

void check_process() {
    const pid_t process = loaded_in;
    if (process != 0 && process != getpid())
        throw Error(DEBLUR_NO_ENGINE,
                    "an engine was loaded before fork(), and its threads are the parent's: a process "
                    "that restores must open its first context itself");
}

} // namespace deblur
