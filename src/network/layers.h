// The building blocks that the architectures share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

namespace deblur {

/// Whether a layer adds one: before a normalisation it would be lost.
enum class Bias { Yes, None };

/// A convolution that computes in the precision of its input: parameters stay fp32 in training and
/// are cast where they are used; a network converted for inference casts nothing.
class Conv : public torch::nn::Module {
  public:
    /// (kernel - 1) / 2 zeros on each side: "same" for odd kernels. He initialisation times gain.
    Conv(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1, double gain = 1.0, Bias bias = Bias::Yes);
    torch::Tensor forward(const torch::Tensor &x) const;
    double macs() const; ///< per output position

    torch::Tensor weight; ///< out x in x kernel x kernel
    torch::Tensor bias;   ///< out; undefined without

  private:
    int64_t stride_;
};

/// A transposed convolution, 4x4, stride 2, padding 1 (ConvTranspose2d's parameters and result).
///
/// Computed as its four 2x2 phase convolutions in one call, then interleaved: the direct form does
/// not go through oneDNN on the CPU.
class Upsample2x : public torch::nn::Module {
  public:
    Upsample2x(int64_t in, int64_t out, Bias bias = Bias::Yes);
    torch::Tensor forward(const torch::Tensor &x) const; ///< N x out x 2H x 2W
    double macs() const;                                 ///< per input position

    torch::Tensor weight; ///< in x out x 4 x 4
    torch::Tensor bias;   ///< out; undefined without
};

/// Pixel shuffle by 2: N x 4 C x H x W to N x C x 2H x 2W, channels innermost in memory.
torch::Tensor shuffle(const torch::Tensor &x);

/// What a residual block does with its sum.
enum class BlockOutput {
    Relu,  ///< the post-activation block of He et al. 2016a, which Kim et al. 2017 cite
    Linear ///< as in EDSR (Lim et al. 2017): the identity path cannot die
};

/// x + conv(relu(conv(x))), both 3x3, then the output's activation. No normalisation: a recurrence
/// would shift its statistics.
class ResidualBlock : public torch::nn::Module {
  public:
    explicit ResidualBlock(int64_t channels, BlockOutput output = BlockOutput::Relu);
    torch::Tensor forward(const torch::Tensor &x) const;
    double macs() const;

  private:
    std::shared_ptr<Conv> first_, second_;
    BlockOutput output_;
};

/// count residual blocks in a row.
class ResidualStack : public torch::nn::Module {
  public:
    ResidualStack(int64_t channels, int64_t count, BlockOutput output = BlockOutput::Relu);
    torch::Tensor forward(torch::Tensor x) const;
    double macs() const;

  private:
    std::vector<std::shared_ptr<ResidualBlock>> blocks_;
};

/// Dynamic temporal blending, Kim et al. 2017, Eqs. 2 and 3.
class TemporalBlending : public torch::nn::Module {
  public:
    TemporalBlending(int64_t channels, int64_t kernel);

    /// h~_n from h_n and h~_{n-1}; an undefined h~_{n-1} means w = 1, h~_n = h_n.
    torch::Tensor forward(const torch::Tensor &current, const torch::Tensor &previous) const;

    /// w_n of Eq. 3, in [beta, 1].
    torch::Tensor blend_weights(const torch::Tensor &current, const torch::Tensor &previous) const;
    double macs() const;

    torch::Tensor beta; ///< scalar, used clamped to [0, 1]

  private:
    std::shared_ptr<Conv> compare_; ///< A and B of Eq. 3 as one convolution over (h~_{n-1}, h_n)
};

} // namespace deblur
