// The window in time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/window.h"

namespace deblur {
namespace {

Image frame(int number) {
    const Image image(3, 2, 2);
    image.data()[0] = static_cast<float>(number);
    return image;
}

// The numbers of the frames in a window.
std::vector<int> numbers(const std::vector<Image> &window) {
    std::vector<int> result;
    for (const auto &frame : window)
        result.push_back(static_cast<int>(frame.data()[0]));
    return result;
}

// Every frame once at the centre, for every m and length, with edges repeated.
TEST(Window, RepeatsTheEnds) {
    for (int m = 0; m <= 3; ++m)
        for (int length = 1; length <= 9; ++length) {
            Window window(m);
            int next = 0;
            const auto expect_next = [&] {
                std::vector<int> expected;
                for (int i = next - m; i <= next + m; ++i)
                    expected.push_back(std::min(std::max(i, 0), length - 1));
                EXPECT_EQ(numbers(window.next()), expected) << "m " << m << " length " << length;
                ++next;
            };
            for (int n = 0; n < length; ++n) {
                window.push(frame(n));
                EXPECT_EQ(window.is_complete(), n >= m);
                if (window.is_complete())
                    expect_next();
            }
            while (window.pending() > 0)
                expect_next();
            EXPECT_EQ(next, length);
        }
}

TEST(Window, ClearBeginsAnew) {
    Window window(2);
    for (int n = 0; n < 5; ++n)
        window.push(frame(n));
    window.next();
    window.clear();
    EXPECT_EQ(window.pending(), 0u);
    window.push(frame(7));
    EXPECT_THAT(numbers(window.next()), testing::Each(7));
}

} // namespace
} // namespace deblur
