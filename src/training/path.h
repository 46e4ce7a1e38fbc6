// Paths that a hand-held camera, or an object before it, takes through a clip.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "training/random.h"

namespace deblur {

/// A plane projective map in homogeneous pixel coordinates relative to the picture's centre.
using Homography = std::array<double, 9>;

/// Where a picture's points come from at a time in frames: target to source pixels.
using Path = std::function<Homography(double time)>;

Homography compose(const Homography &a, const Homography &b); ///< a after b
std::array<double, 2> apply(const Homography &map, double x, double y);

/// The largest path length of any corner of a square picture during any exposure, pixels.
///
/// @param exposure share of the frame interval during which the shutter is open, (0, 1]
/// @param extent  side of the picture, pixels
double longest_exposure(const Path &path, int64_t frames, double exposure, double extent);

/// A smooth random function of time: band-limited noise of a hand's spectrum (amplitude falling
/// with frequency; tremor of 4 to 12 Hz is 0.15 to 0.4 cycles per frame at 30 frames a second), a
/// steady drift, and at times a sudden move.
class Wander {
  public:
    explicit Wander(Random &random);
    double at(double time) const; ///< time in frames; no unit

  private:
    struct Wave {
        double frequency, amplitude, phase;
    };
    std::vector<Wave> waves_;
    double drift_, jump_, jump_time_, jump_rate_;
};

/// Translation, rotation, zoom and a little perspective over time, scaled to a given speed.
class MotionPath {
  public:
    /// @param speed   mean path length of the picture's centre during one exposure, pixels; 0
    /// stands
    ///                still
    /// @param frames  length of the clip in frames
    /// @param exposure share of the frame interval during which the shutter is open, (0, 1]
    /// @param extent  width of the rendered picture, pixels
    MotionPath(Random &random, double speed, int64_t frames, double exposure, double extent);

    Homography operator()(double time) const; ///< as a Path

  private:
    double clip_time(double time) const;

    Wander x_, y_, rotation_, zoom_, tilt_x_, tilt_y_;
    double rotation_scale_, zoom_scale_, tilt_scale_, max_tilt_;
    double pivot_x_, pivot_y_;
    double still_begin_, still_length_; ///< the camera rests during this time
    double scale_ = 1.0, middle_ = 0.0;
};

} // namespace deblur
