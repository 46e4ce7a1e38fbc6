// What training learns from: a mixture of sources, then what happens to film.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "training/clip_source.h"
#include "training/film.h"

namespace deblur {

/// Clips of several sources, each by its weight, as film. A pure function of seed and index, like its sources.
class Feed : public ClipSource {
  public:
    Feed(const FilmOptions &film, uint64_t seed) : film_(film), seed_(seed) {}

    /// @param weight above 0; shares are weights over their sum
    void add(std::shared_ptr<const ClipSource> source, double weight);

    /// @throws std::logic_error if there is no source
    Clip clip(uint64_t index) const override;

  private:
    struct Part {
        std::shared_ptr<const ClipSource> source;
        double weight;
    };
    std::vector<Part> parts_;
    double sum_ = 0;
    FilmOptions film_;
    uint64_t seed_;
};

} // namespace deblur
