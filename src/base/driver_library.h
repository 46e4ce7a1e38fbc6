// The NVIDIA driver's functions, found at run time: nothing here links libcuda.so, or needs the CUDA toolkit.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <dlfcn.h>

namespace deblur {

/// Stays loaded: the driver keeps threads and state of its own.
class DriverLibrary {
  public:
    DriverLibrary() : library_(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL)) {}

    bool is_installed() const { return library_ != nullptr; }

    /// @param name as the library exports it: cuda.h renames what has changed,
    /// cuCtxPushCurrent is cuCtxPushCurrent_v2
    /// @return whether there is such a function
    template <class Function> bool find(const char *name, Function &function) const {
        function = library_ ? reinterpret_cast<Function>(dlsym(library_, name)) : nullptr;
        return function != nullptr;
    }

    /// What the driver says of an error.
    std::string text_of(int error) const {
        int (*describe)(int error, const char **text) = nullptr;
        const char *text = nullptr;
        if (find("cuGetErrorString", describe))
            describe(error, &text);
        return std::string("the NVIDIA driver says: ") +
               (text ? text : "error " + std::to_string(error));
    }

  private:
    void *library_;
};

} // namespace deblur
