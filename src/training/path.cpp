// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/path.h"

#include <algorithm>
#include <cmath>

namespace deblur {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kSteps = 12; // per exposure, when a path's length is measured

// Keeps fast paths from turning the picture inside out, smoothly.
double bounded(double value, double limit) {
    return limit * std::tanh(value / limit);
}

double path_length(const Path &path, int64_t frame, double exposure, double x, double y) {
    double length = 0;
    auto last = apply(path(static_cast<double>(frame)), x, y);
    for (int step = 1; step <= kSteps; ++step) {
        const auto point = apply(path(frame + exposure * step / kSteps), x, y);
        length += std::hypot(point[0] - last[0], point[1] - last[1]);
        last = point;
    }
    return length;
}

} // namespace

Homography compose(const Homography &a, const Homography &b) {
    Homography c{};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
            for (int k = 0; k < 3; ++k)
                c[3 * i + j] += a[3 * i + k] * b[3 * k + j];
    return c;
}

std::array<double, 2> apply(const Homography &m, double x, double y) {
    const double w = m[6] * x + m[7] * y + m[8];
    return {(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w};
}

Wander::Wander(Random &random) {
    const double slope = random.uniform(1.0, 2.2);
    for (int i = 0; i < 7; ++i) {
        const double frequency = random.log_uniform(0.01, 0.5);
        const double amplitude = random.uniform(0.2, 1.0) * std::pow(frequency / 0.05, -slope);
        waves_.push_back({frequency, amplitude, random.uniform(0, 2 * kPi)});
    }
    drift_ = random.chance(0.5) ? random.uniform(-1, 1) : 0.0;
    jump_ = random.chance(0.15) ? random.uniform(-3, 3) : 0.0;
    jump_time_ = random.uniform(0, 8);
    jump_rate_ = random.log_uniform(1, 6);
}

double Wander::at(double time) const {
    double value = drift_ * time + jump_ * std::tanh(jump_rate_ * (time - jump_time_));
    for (const auto &wave : waves_)
        value += wave.amplitude * std::sin(2 * kPi * wave.frequency * time + wave.phase);
    return value;
}

MotionPath::MotionPath(Random &random, double speed, int64_t frames, double exposure, double extent)
    : x_(random), y_(random), rotation_(random), zoom_(random), tilt_x_(random), tilt_y_(random) {
    // Relative strength of what is not translation, at the distance of the picture's border.
    const double radius = extent / 2;
    rotation_scale_ = (random.chance(0.6) ? random.log_uniform(0.03, 1.0) : 0.0) / radius;
    zoom_scale_ = (random.chance(0.4) ? random.log_uniform(0.03, 0.7) : 0.0) / radius;
    tilt_scale_ = (random.chance(0.3) ? random.uniform(0.0, 0.15) : 0.0) / (radius * radius);
    max_tilt_ = 0.2 / radius;
    // The rendered picture is a detail of a larger one, whose centre is somewhere else.
    pivot_x_ = random.uniform(-2, 2) * extent;
    pivot_y_ = random.uniform(-2, 2) * extent;
    still_begin_ = random.uniform(0, static_cast<double>(frames));
    still_length_ = random.chance(0.15) ? random.uniform(1, 4) : 0.0;

    middle_ = 0.5 * static_cast<double>(frames);
    double length = 0;
    for (int64_t frame = 0; frame < frames; ++frame)
        length += path_length(*this, frame, exposure, 0, 0);
    const double mean = length / static_cast<double>(frames);
    scale_ = mean > 0 ? speed / mean : 0.0;
}

double MotionPath::clip_time(double time) const {
    return time < still_begin_ ? time : std::max(still_begin_, time - still_length_);
}

Homography MotionPath::operator()(double time) const {
    const double t = clip_time(time), t0 = clip_time(middle_);
    const auto moved = [&](const Wander &wander) {
        return scale_ * (wander.at(t) - wander.at(t0));
    };
    const double angle = rotation_scale_ * moved(rotation_);
    const double zoom = std::exp(bounded(zoom_scale_ * moved(zoom_), 0.7));
    const double c = zoom * std::cos(angle), s = zoom * std::sin(angle);
    const Homography turn{c, -s, pivot_x_ - c * pivot_x_ + s * pivot_y_,
                          s, c,  pivot_y_ - s * pivot_x_ - c * pivot_y_,
                          0, 0,  1};
    const Homography shift{1, 0, moved(x_), 0, 1, moved(y_), 0, 0, 1};
    const Homography tilt{1,
                          0,
                          0,
                          0,
                          1,
                          0,
                          bounded(tilt_scale_ * moved(tilt_x_), max_tilt_),
                          bounded(tilt_scale_ * moved(tilt_y_), max_tilt_),
                          1};
    return compose(shift, compose(turn, tilt));
}

double longest_exposure(const Path &path, int64_t frames, double exposure, double extent) {
    double longest = 0;
    for (int64_t frame = 0; frame < frames; ++frame)
        for (const double x : {-0.5 * extent, 0.5 * extent})
            for (const double y : {-0.5 * extent, 0.5 * extent})
                longest = std::max(longest, path_length(path, frame, exposure, x, y));
    return longest;
}

} // namespace deblur
