// How many frames a second come through a whole ffmpeg with the filter.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace deblur {

struct FfmpegCase {
    std::string program; ///< an ffmpeg with the filter
    std::string model;   ///< one that is shipped
    int width, height;
    std::string device, precision; ///< as the filter takes them
    std::string memory; ///< host or cuda: where the filter gets its frames and leaves them
    int threads;        ///< of the network, on the CPU
};

/// The rate at which frames have come, once enough have for whatever happens at a start to be over.
class SteadyRate {
  public:
    /// @param start frames that do not count
    explicit SteadyRate(int64_t start) : start_(start) {}

    /// What was seen at a time: so many frames since the beginning.
    void add(double seconds, int64_t frames);

    /// Frames per second between the first and the last time at which new ones were seen.
    ///
    /// @throws std::runtime_error if they are the same
    double frames_per_second() const;

  private:
    struct Sight {
        double seconds = 0;
        int64_t frames = 0;
    };
    int64_t start_;
    Sight first_, last_;
};

/// Sends NV12 frames that are made beforehand through ffmpeg's filter graph to its null muxer: start, end, and whatever
/// makes or takes the frames do not count.
///
/// @param frames that do
/// @return frames per second
/// @throws std::runtime_error with what ffmpeg says
double measure_ffmpeg(const FfmpegCase &what, int frames);

} // namespace deblur
