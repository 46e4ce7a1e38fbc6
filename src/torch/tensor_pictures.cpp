// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/tensor_pictures.h"

#include <algorithm>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "picture/luma.h"
#include "torch/image_tensor.h"

namespace deblur {

namespace {

torch::Tensor luma_of(const torch::Tensor &image) {
    const auto weights = at::tensor({kLumaWeights[0], kLumaWeights[1], kLumaWeights[2]}, image.options());
    return (image * weights.view({1, 3, 1, 1})).sum(1, /*keepdim=*/true);
}

} // namespace

Image TensorPictures::read(const deblur_frame &frame) {
    const c10::InferenceMode inference;
    return to_image(read_tensor(frame));
}

void TensorPictures::correct(const deblur_frame &frame, const Image &correction) {
    const c10::InferenceMode inference;
    correct_by(frame, to_tensor(correction));
}

void TensorPictures::show(const deblur_frame &frame, const Image &map) {
    const c10::InferenceMode inference;
    show_map(frame, to_tensor(map));
}

bool TensorPictures::finish() {
    const c10::InferenceMode inference;
    return finish_oldest();
}

Image TensorPictures::thumbnail(const Image &image) const {
    const c10::InferenceMode inference;
    return to_image(deblur::thumbnail(to_tensor(image)).to(at::kCPU));
}

float TensorPictures::sharpness(const Image &image) const {
    const c10::InferenceMode inference;
    return deblur::sharpness(to_tensor(image));
}

float TensorPictures::sharpness(const Image &image, const Image &correction, float strength) const {
    const c10::InferenceMode inference;
    return deblur::sharpness(to_tensor(image) + strength * to_tensor(correction));
}

torch::Tensor resize(const torch::Tensor &image, int64_t height, int64_t width) {
    if (image.size(2) == height && image.size(3) == width)
        return image;
    return at::_upsample_bicubic2d_aa(image, {height, width}, /*align_corners=*/false);
}

torch::Tensor thumbnail(const torch::Tensor &image) {
    return luma_of(at::adaptive_avg_pool2d(image, {std::min<int64_t>(image.size(2), kThumbnailHeight),
                                                   std::min<int64_t>(image.size(3), kThumbnailWidth)}))
        .contiguous();
}

float sharpness(const torch::Tensor &image) {
    const auto luma = 255 * luma_of(image);
    const auto padded = at::replication_pad2d(luma, {1, 1, 1, 1});
    const auto height = luma.size(2), width = luma.size(3);
    const auto shifted = [&](int64_t y, int64_t x) {
        return padded.slice(2, y, y + height).slice(3, x, x + width);
    };
    const auto laplacian = shifted(0, 1) + shifted(2, 1) + shifted(1, 0) + shifted(1, 2) - 4 * luma;
    return laplacian.var(/*unbiased=*/false).item<float>();
}

} // namespace deblur
