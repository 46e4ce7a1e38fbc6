// Shen et al., "Human-Aware Motion Deblurring", ICCV 2019: an encoder, and decoders for people, for what is behind
// them, and for the whole picture, at three scales.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

#include "network/human_attention.h"
#include "network/human_graph.h"
#include "network/layers.h"
#include "network/network.h"

namespace deblur {

/// Features of the encoder: at full resolution (w channels), at half (2w), and H at a quarter (4w).
using HumanFeatures = std::array<torch::Tensor, 3>;

/// Nine residual units, and a 5x5 convolution before every three of them, the second and third with a stride of 2.
class HumanEncoder : public torch::nn::Module {
  public:
    HumanEncoder(int64_t channels, int64_t width);
    HumanFeatures forward(const torch::Tensor &x) const;
    double macs_per_pixel() const;

  private:
    std::vector<std::shared_ptr<Conv>> reduce_;
    std::vector<std::shared_ptr<ResidualStack>> units_;
};

/// As the encoder, from its end to its beginning: three blocks of three units each, of which two end with a transposed
/// convolution and the encoder's shortcut. A 5x5 convolution of the network makes a picture of the last one.
class HumanDecoder : public torch::nn::Module {
  public:
    static constexpr size_t kBlocks = 3; ///< L of Eq. 9

    /// @param fuses whether it is the primary decoder, whose blocks begin with a 1x1 convolution of three inputs
    HumanDecoder(int64_t width, bool fuses);

    /// D^l from D^{l-1} (of the primary one: <D_FG, D_BG, D_Pri>^{l-1}); l from 1 to kBlocks.
    torch::Tensor block(size_t l, const torch::Tensor &previous, const HumanFeatures &shortcuts) const;
    double macs_per_pixel(size_t blocks) const; ///< of the first so many blocks

  private:
    std::vector<std::shared_ptr<Conv>> fuse_;
    std::vector<std::shared_ptr<ResidualStack>> units_;
    std::vector<std::shared_ptr<Upsample2x>> up_;
};

/// The model at one scale, Eqs. 3 to 10, and at three with the same parameters, from coarse to fine.
///
/// With m > 0, the neighbours are further channels of the encoder's input; the paper's is m = 0. The decoders predict
/// S - B. config().width is w, the paper's 32 without.
class HumanAware : public Network {
  public:
    explicit HumanAware(const NetworkConfig &config, HumanTraits traits = {});

    /// No state. The map is A at the finest scale, if there is one. With gradients, also S_Pri, S_FG, S_BG and A of each scale, coarsest
    /// first, as the step's outputs.
    StepResult step(const torch::Tensor &window, const State &state) override;
    int64_t size_multiple() const override { return 32; }
    bool has_map() const override { return traits_.attention; }

    /// Eqs. 4, 8 and 11 at each scale, those of pictures times 10; G is where the foreground is.
    torch::Tensor objective(const StepResult &result, const FrameTruth &truth) const override;

    /// Eq. 4 at each scale, of the attention alone.
    torch::Tensor pretraining(const torch::Tensor &window, const FrameTruth &truth) const override;
    double macs_per_pixel() const override;

  private:
    struct Scale { // at one scale; without gradients only what the output needs
        torch::Tensor attention, primary, foreground, background;
    };
    Scale compute(const torch::Tensor &window, const torch::Tensor &previous, const torch::Tensor &coarser) const;
    const torch::Tensor &output_of(const Scale &scale) const;

    HumanTraits traits_;
    std::shared_ptr<HumanAttention> attention_;
    std::shared_ptr<HumanEncoder> encoder_;
    std::shared_ptr<HumanDecoder> foreground_, background_, primary_;
    std::shared_ptr<Conv> foreground_head_, background_head_, latent_head_;
};

} // namespace deblur
