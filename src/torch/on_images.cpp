// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/on_images.h"

#include <utility>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "torch/image_tensor.h"

namespace deblur {

namespace {

class OnImages : public InferenceNetwork {
  public:
    explicit OnImages(std::unique_ptr<TensorNetwork> inner) : inner_(std::move(inner)) {}

    Image step(const std::vector<Image> &window) override {
        const c10::InferenceMode inference;
        std::vector<torch::Tensor> frames;
        for (const auto &frame : window)
            frames.push_back(to_tensor(frame));
        return to_image(inner_->step(frames).contiguous());
    }
    void reset() override {
        const c10::InferenceMode inference;
        inner_->reset();
    }
    Image map() const override {
        const auto map = inner_->map();
        return map.defined() ? to_image(map.contiguous()) : Image();
    }
    void wait() override { inner_->wait(); }

  private:
    std::unique_ptr<TensorNetwork> inner_;
};

class OnTensors : public TensorNetwork {
  public:
    explicit OnTensors(std::unique_ptr<InferenceNetwork> inner) : inner_(std::move(inner)) {}

    torch::Tensor step(const std::vector<torch::Tensor> &window) override {
        std::vector<Image> frames;
        for (const auto &frame : window)
            frames.push_back(to_image(frame.contiguous()));
        return to_tensor(inner_->step(frames)).clone();
    }
    void reset() override { inner_->reset(); }
    torch::Tensor map() const override { return to_tensor(inner_->map()); }
    void wait() override { inner_->wait(); }

  private:
    std::unique_ptr<InferenceNetwork> inner_;
};

} // namespace

std::unique_ptr<InferenceNetwork> on_images(std::unique_ptr<TensorNetwork> network) {
    return std::make_unique<OnImages>(std::move(network));
}

std::unique_ptr<TensorNetwork> on_tensors(std::unique_ptr<InferenceNetwork> network) {
    return std::make_unique<OnTensors>(std::move(network));
}

} // namespace deblur
