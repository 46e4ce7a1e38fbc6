// SHA-256, to tell a damaged file from the one that was shipped.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include <nettle/sha2.h>

namespace deblur {

class Sha256 {
  public:
    Sha256();
    void add(const void *data, size_t size);

    /// Of all that was added, 64 hexadecimal digits. The last call.
    std::string digest();

  private:
    sha256_ctx context_;
};

} // namespace deblur
