// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/location.h"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>

namespace deblur {

std::string locate(const char *variable, const char *relative) {
    const char *value = secure_getenv(variable);
    if (value && *value)
        return value;
    Dl_info info{};
    std::error_code ignored; // the caller reports what it does not find
    if (dladdr(reinterpret_cast<const void *>(&locate), &info) == 0)
        return relative;
    const auto library = std::filesystem::weakly_canonical(info.dli_fname, ignored);
    return (library.parent_path() / relative).lexically_normal().string();
}

} // namespace deblur
