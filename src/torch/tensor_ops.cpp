// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/tensor_ops.h"

#include <ATen/ATen.h>

#include "network/padding.h"

namespace deblur {

using torch::Tensor;

void TensorOps::pack_window(const std::vector<Tensor> &frames, int64_t multiple, int64_t factor,
                            Tensor &out) const {
    const auto window = at::pixel_unshuffle(pad_to_multiple(at::cat(frames, 1), multiple), factor);
    out.narrow(1, 0, window.size(1)).copy_(window);
}

Tensor TensorOps::conv(const Tensor &x, const ConvParameters &p, Activation activation,
                       const Tensor &plus) const {
    auto sum = at::conv2d(x, p.weight, p.bias, {p.stride, p.stride}, {p.padding, p.padding});
    if (plus.defined())
        sum.add_(plus);
    if (activation == Activation::Relu)
        sum.relu_();
    else if (activation == Activation::Tanh)
        sum.tanh_();
    return sum;
}

Tensor TensorOps::blend(const Tensor &difference, const Tensor &beta, const Tensor &fresh,
                        const Tensor &current, const Tensor &previous) const {
    const auto floor = at::maximum(beta, fresh).to(difference.scalar_type());
    return at::lerp(previous, current, (difference.tanh().abs() + floor).clamp_max(1));
}

} // namespace deblur
