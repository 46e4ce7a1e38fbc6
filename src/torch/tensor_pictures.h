// Frames as tensors, for the engine as images.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

#include "engine/pictures.h"

namespace deblur {

/// Pictures in the memory of a device that LibTorch reaches. Everything is done in LibTorch's inference mode.
class TensorPictures : public Pictures {
  public:
    Image read(const deblur_frame &frame) final;
    void correct(const deblur_frame &frame, const Image &correction) final;
    void show(const deblur_frame &frame, const Image &map) final;
    bool finish() final;
    Image thumbnail(const Image &image) const final;
    float sharpness(const Image &image) const final;
    float sharpness(const Image &image, const Image &correction, float strength) const final;

  protected:
    /// What Pictures does, with tensors of 1 x channels x height x width.
    virtual torch::Tensor read_tensor(const deblur_frame &frame) = 0;
    virtual void correct_by(const deblur_frame &frame, const torch::Tensor &correction) = 0;
    virtual void show_map(const deblur_frame &frame, const torch::Tensor &map) = 0;
    virtual bool finish_oldest() = 0;
};

/// resize() on any device: N x C x H x W, float32.
torch::Tensor resize(const torch::Tensor &image, int64_t height, int64_t width);

/// thumbnail() and sharpness() of picture/luma.h on any device, of 1 x 3 x H x W.
torch::Tensor thumbnail(const torch::Tensor &image);
float sharpness(const torch::Tensor &image);

} // namespace deblur
