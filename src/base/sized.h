// Structs of the C API that begin with their size, so that later versions can add fields.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/error.h"

namespace deblur {

/// A caller's struct as this library knows it: fields that the caller's version lacks keep their
/// values from defaults.
///
/// @param name of the struct, for messages
/// @throws Error if given is NULL, was not initialised, or is of a newer version
template <class Struct>
Struct adopt(const Struct *given, const Struct &defaults, const std::string &name) {
    if (!given)
        throw Error(DEBLUR_INVALID_ARGUMENT, name + " is NULL");
    if (given->struct_size < sizeof(size_t) || given->struct_size > sizeof(Struct))
        throw Error(DEBLUR_INVALID_ARGUMENT,
                    name + ".struct_size is " + std::to_string(given->struct_size) +
                        ", valid is sizeof(" + name + "), at most " +
                        std::to_string(sizeof(Struct)) + " for this version of the library");
    Struct adopted = defaults;
    std::memcpy(static_cast<void *>(&adopted), given, given->struct_size);
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

/// The other way: the first size bytes of value into the caller's struct.
template <class Struct> void hand_out(Struct value, Struct *destination, size_t size) {
    value.struct_size = std::min(size, sizeof(Struct));
    std::memcpy(static_cast<void *>(destination), &value, value.struct_size);
}

} // namespace deblur
