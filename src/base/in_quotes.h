// Text of others in messages.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace deblur {

/// The text without its end if it is long, with a question mark for each control character, between
/// quotation marks: a message stays one short line, whatever a file calls its parts.
inline std::string in_quotes(std::string_view text) {
    constexpr size_t kMost = 100; // bytes
    size_t size = text.size();
    if (size > kMost) {
        size = kMost;
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
            --size; // not within a character of UTF-8
    }
    std::string line = "'";
    for (const char c : text.substr(0, size))
        line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return line + (size < text.size() ? "...'" : "'");
}

} // namespace deblur
