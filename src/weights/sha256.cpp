// SPDX-License-Identifier: LGPL-2.1-or-later
#include "weights/sha256.h"

#include <cstdint>

namespace deblur {

Sha256::Sha256() {
    sha256_init(&context_);
}

void Sha256::add(const void *data, size_t size) {
    sha256_update(&context_, size, static_cast<const uint8_t *>(data));
}

std::string Sha256::digest() {
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_digest(&context_, sizeof bytes, bytes);
    std::string text;
    for (const uint8_t byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

} // namespace deblur
