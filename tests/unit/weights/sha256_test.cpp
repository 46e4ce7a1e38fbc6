// SHA-256 of FIPS 180-4's examples.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <gtest/gtest.h>

#include "weights/sha256.h"

namespace deblur {
namespace {

std::string digest(const std::string &text, size_t part) {
    Sha256 sum;
    for (size_t i = 0; i < text.size(); i += part)
        sum.add(text.data() + i, std::min(part, text.size() - i));
    return sum.digest();
}

TEST(Sha256, KnownDigests) {
    EXPECT_EQ(digest("", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(digest("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 5),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

} // namespace
} // namespace deblur
