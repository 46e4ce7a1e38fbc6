// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/image_tensor.h"

#include <memory>

#include <ATen/ATen.h>

namespace deblur {

namespace {

// Owns an image's samples.
struct Holder {
    torch::Tensor tensor;
    void operator()(float *) { tensor.reset(); }
};

} // namespace

Image to_image(const torch::Tensor &tensor) {
    TORCH_CHECK(tensor.dim() == 4 && tensor.size(0) == 1 && tensor.is_contiguous(), "not an image");
    const auto side = [&](int64_t dim) { return static_cast<int>(tensor.size(dim)); };
    return {side(1), side(2), side(3), std::shared_ptr<float>(tensor.data_ptr<float>(), Holder{tensor})};
}

torch::Tensor to_tensor(const Image &image) {
    if (image.empty())
        return {};
    // The tensor itself: memory of a GPU is not given back before the streams that it was recorded for are done.
    if (const auto *holder = std::get_deleter<Holder>(image.owner()))
        return holder->tensor;
    return at::from_blob(image.data(), {1, image.channels(), image.height(), image.width()},
                         [owner = image.owner()](void *) {}, at::kFloat);
}

} // namespace deblur
