// Clips of real motion: real video exposed by Eq. 1 of Kim et al. 2017.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/clip_source.h"
#include "training/sources.h"

namespace deblur {

struct FootageOptions {
    int64_t frames = 7, size = 128; ///< of clips; pixels a side
    uint64_t seed = 1;
    std::shared_ptr<const ResponseTable> response; ///< as in DatasetOptions
};

/// Sharp recordings of which the trajectories are real, in memory. A clip is a part of one, exposed at its full resolution in
/// light, then shrunk by 2 or 4, which hides what blur the recording has itself. The truth of a frame is a frame as it was
/// recorded; so what is wrong with interpolated motion is only ever in the input.
class Footage : public ClipSource {
  public:
    explicit Footage(const FootageOptions &options) : options_(options) {}

    /// Takes the videos of a folder that belong to the split and are large enough.
    ///
    /// @param is_high_speed whether frames follow each other fast enough to be sub-frames; else what lies between them is
    ///                      made by FlowPair
    /// @throws MediaError if a file cannot be read
    void add(const std::string &directory, Split split, bool is_high_speed);

    /// @throws std::logic_error if there is no recording
    Clip clip(uint64_t index) const override;

    size_t recordings() const { return recordings_.size(); }

  private:
    struct Recording {
        std::vector<torch::Tensor> frames; ///< 3 x H x W, uint8
        bool is_high_speed;
    };
    struct Part;
    struct Exposure;
    Part choose(Random &random, const Recording &recording, int64_t length) const;
    Exposure expose_interpolated(const Part &part, int64_t centre, double length,
                                 const CameraResponse &response) const;
    Exposure expose_high_speed(const Part &part, int64_t first, int64_t tau,
                               const CameraResponse &response) const;

    FootageOptions options_;
    std::vector<Recording> recordings_;
};

} // namespace deblur
