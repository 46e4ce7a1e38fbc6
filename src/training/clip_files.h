// A clip as files that people can look at and other programs can read.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <torch/types.h>

namespace deblur {

enum class ClipFormat {
    Video, ///< lossless: DIRECTORY/blurry.mkv, sharp.mkv, motion.mkv, foreground.mkv
    Png    ///< DIRECTORY/blur/000000.png and so on, sharp/, motion/, foreground/
};

/// Writes a clip frame by frame. Both formats are what list_sequences() finds.
class ClipWriter {
  public:
    /// Motion is stored in steps of 1/8 pixel, up to 31.9 pixels.
    static constexpr double kMotionCodes = 8;

    ClipWriter(const std::string &directory, ClipFormat format, double frame_rate);
    ~ClipWriter();

    /// @param blurry, sharp  3 x H x W in [0,1]
    /// @param motion         1 x H x W, pixels per exposure
    /// @param foreground     1 x H x W, alpha of the moving objects; undefined: not known, no file
    /// @throws MediaError if a file cannot be written
    void write(const torch::Tensor &blurry, const torch::Tensor &sharp, const torch::Tensor &motion,
               const torch::Tensor &foreground);

    /// Ends the files.
    void finish();

  private:
    class Track;
    Track &track(const std::string &name, const torch::Tensor &pixels);

    std::string directory_;
    ClipFormat format_;
    double frame_rate_;
    std::map<std::string, std::unique_ptr<Track>> tracks_;
};

} // namespace deblur
