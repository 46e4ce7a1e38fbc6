// Scene-cut detection.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/image.h"

namespace deblur {

/// Compares each frame with the one before it, by thumbnails of their luma (picture/luma.h).
///
/// The score is d_n - d_{n-1}, where d_n is the mean absolute change from frame n-1 to n in percent
/// of full scale: high where the change is large and sudden, low in steady motion, however fast.
/// (FFmpeg's scdet filter takes the absolute value, and so the sudden end of motion for a cut.)
class SceneDetector {
  public:
    /// @param threshold score above which a frame begins a new scene; 0 for never
    explicit SceneDetector(float threshold) : threshold_(threshold) {}

    /// Takes the next frame's; whether it begins a new scene. The first frame
    /// does not.
    bool is_cut(const Image &thumbnail);

    /// To be asked with the frame after one that is_cut() held for a new scene, before is_cut() is asked
    /// about it: whether that was only a flash (of light, or a damaged frame), for the frame after it
    /// is, by the same score, no new scene to the frame before it. A flash is then forgotten.
    bool was_flash(const Image &next);

    /// Forgets the past: the next frame is the first again.
    void reset();

  private:
    float threshold_;
    Image thumbnail_, thumbnail_before_; // of the last frame, and of the one before it
    float change_ = 0, change_before_ = 0;
};

} // namespace deblur
