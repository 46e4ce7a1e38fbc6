// Converter with LibTorch's tensors, which tests calculate with.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <ATen/ATen.h>

#include "picture/converter.h"
#include "torch/image_tensor.h"

namespace deblur::test {

/// Tensors are 1 x channels x height x width.
class TensorConverter {
  public:
    explicit TensorConverter(const deblur_format &format) : converter_(format) {}

    torch::Tensor read(const deblur_frame &frame) const { return to_tensor(converter_.read(frame)).clone(); }
    void correct(const deblur_frame &frame, const torch::Tensor &correction) const {
        converter_.correct(frame, to_image(correction.contiguous()));
    }
    void show(const deblur_frame &frame, const torch::Tensor &map) const {
        converter_.show(frame, to_image(map.contiguous()));
    }

  private:
    Converter converter_;
};

} // namespace deblur::test
