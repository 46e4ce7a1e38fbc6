// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/window.h"

#include <algorithm>

namespace deblur {

std::vector<Image> Window::next() {
    std::vector<Image> frames;
    for (size_t i = 0; i <= 2 * m_; ++i) {
        const size_t position = std::max(centre_ + i, m_) - m_; // not before the first
        frames.push_back(frames_[std::min(position, frames_.size() - 1)]);
    }
    ++centre_;
    if (centre_ > m_) {
        frames_.pop_front();
        --centre_;
    }
    return frames;
}

void Window::clear() {
    frames_.clear();
    centre_ = 0;
}

} // namespace deblur
