// The network's view in time: the frames around the one to restore.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "base/image.h"

namespace deblur {

/// The frames of one scene on their way through <B_{n-m} .. B_{n+m}>. Beyond the scene's ends its
/// first and last frames are repeated.
class Window {
  public:
    explicit Window(int m) : m_(static_cast<size_t>(m)) {}

    /// The next frame of the scene, 3 x H x W.
    void push(Image frame) { frames_.push_back(std::move(frame)); }

    /// How many frames have yet to become the centre.
    size_t pending() const { return frames_.size() - centre_; }

    /// Whether the next centre has all its followers.
    bool is_complete() const { return pending() > m_; }

    /// The 2m+1 frames around the next centre, oldest first; the scene is taken to end with the last
    /// frame pushed. Requires pending() > 0.
    std::vector<Image> next();

    /// Ends the scene and forgets it.
    void clear();

  private:
    size_t m_;
    std::deque<Image> frames_; // at most m before the centre
    size_t centre_ = 0;
};

} // namespace deblur
