// What training and validation draw: clips of the virtual camera, by seed and index.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/camera.h"
#include "training/clip_source.h"
#include "training/sources.h"

namespace deblur {

/// What the virtual camera films.
enum class Scenes {
    Usual, ///< camera shake of every strength, in half of the clips objects that move besides
    Local, ///< Local Blur Synthesis (after Wang et al. 2021): objects that move before a background at rest, or nearly
           ///< so
    People ///< people who move before a shaken background, and in half of the clips before something else that moves;
           ///< Clip::foreground is theirs alone
};

/// "usual", "local", "people".
std::vector<std::string> scene_names();

/// @throws std::invalid_argument for another name, naming those that are valid
Scenes scenes_from(const std::string &name);

struct DatasetOptions {
    Scenes scenes = Scenes::Usual;
    int64_t frames = 7; ///< blurry frames per clip
    int64_t height = 128, width = 128;
    std::optional<double> speed; ///< pixels per exposure; without, as drawn for training
    std::optional<int64_t> tau;  ///< sub-frames of Eq. 1; speed grows with it; without, as drawn
    double compressed = 0.3;     ///< share of clips whose blurry frames went through H.264
    double soft = 0.25;          ///< share of clips filmed through a soft lens, 0.4 to 2 pixels
    bool shrunk = false;         ///< whether a half of the clips is filmed at 2 or 4 times the size, see RenderOptions::shrink
    std::shared_ptr<const ResponseTable> response; ///< of a measured camera; may be null
    uint64_t seed = 1;
    torch::Device device = torch::kCPU; ///< where clips are rendered
};

/// An endless list of clips. clip(i) is a pure function of the sources, the options and i.
class Dataset : public ClipSource {
  public:
    Dataset(std::shared_ptr<const Sources> sources, const DatasetOptions &options)
        : sources_(std::move(sources)), options_(options) {}

    Clip clip(uint64_t index) const override;
    const DatasetOptions &options() const { return options_; }

    /// Clips first .. first + count - 1: blurry and sharp, each count x N x 3 x H x W.
    std::pair<torch::Tensor, torch::Tensor> batch(uint64_t first, int64_t count) const;

  private:
    std::shared_ptr<const Sources> sources_;
    DatasetOptions options_;
};

/// Frames as they come out of a phone's or a site's H.264 encoder.
///
/// @param frames  N x 3 x H x W in [0,1]
/// @param crf     see compress_h264()
torch::Tensor compress(const torch::Tensor &frames, int crf);

} // namespace deblur
