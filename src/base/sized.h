// Structs of the C API that begin with their size, so that later versions can add fields.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/error.h"

namespace deblur {

/// The sizes that a struct of the API had in the releases of the library, smallest first. One that grows
/// specialises this: no other size is a struct that a caller was compiled with.
template <class Struct> inline constexpr size_t kReleasedSizes[] = {sizeof(Struct)};

/// The largest of those sizes that is at most size; 0 if none is.
template <class Struct> size_t released_size(size_t size) {
    size_t fitting = 0;
    for (const size_t released : kReleasedSizes<Struct>)
        if (released <= size)
            fitting = released;
    return fitting;
}

/// A caller's struct as this library knows it: fields that the caller's version lacks keep their
/// values from defaults.
///
/// @param name of the struct, for messages
/// @throws Error if given is NULL, was not initialised, or is of a newer version
template <class Struct>
Struct adopt(const Struct *given, const Struct &defaults, const std::string &name) {
    if (!given)
        throw Error(DEBLUR_INVALID_ARGUMENT, name + " is NULL");
    const size_t size = given->struct_size;
    if (size == 0 || released_size<Struct>(size) != size)
        throw Error(DEBLUR_INVALID_ARGUMENT, name + ".struct_size must be sizeof(" + name + "), " +
                                                 std::to_string(sizeof(Struct)) +
                                                 " for this version of the library (got " +
                                                 std::to_string(size) + ")");
    Struct adopted = defaults;
    std::memcpy(static_cast<void *>(&adopted), given, size);
    adopted.struct_size = sizeof(Struct);
    return adopted;
}

/// The number behind an enum of a caller's struct, where a C program may have put any: in C++, merely
/// loading one that is out of range is undefined.
template <class Enum> int number_of(const Enum &value) {
    static_assert(sizeof value == sizeof(int));
    int number;
    std::memcpy(&number, &value, sizeof number);
    return number;
}

/// The other way: as much of value as a struct of size bytes holds whole, with the size of that; of a size below all
/// that were released, nothing but a struct_size of 0.
template <class Struct> void hand_out(Struct value, Struct *destination, size_t size) {
    value.struct_size = released_size<Struct>(size);
    if (size >= sizeof value.struct_size)
        std::memcpy(static_cast<void *>(destination), &value,
                    std::max(value.struct_size, sizeof value.struct_size));
}

} // namespace deblur
