// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/cuda_ops.h"

#include <ATen/ATen.h>
#include <c10/cuda/CUDAStream.h>

#include "cuda/kernels.h"

namespace deblur::cuda {

using torch::Tensor;

namespace {

Element element_of(const Tensor &map) {
    switch (map.scalar_type()) {
    case at::kHalf:
        return Element::Float16;
    case at::kBFloat16:
        return Element::BFloat16;
    default:
        return Element::Float32;
    }
}

} // namespace

cudaStream_t CudaOps::stream() const {
    return c10::cuda::getCurrentCUDAStream().stream();
}

void CudaOps::pack_window(const std::vector<Tensor> &frames, int64_t, int64_t factor,
                          Tensor &out) const {
    const auto number = [](int64_t value) { return static_cast<int>(value); };
    const WindowLayout layout{number(static_cast<int64_t>(frames.size())),
                              number(frames[0].size(2)),
                              number(frames[0].size(3)),
                              number(factor),
                              number(out.size(2)),
                              number(out.size(3)),
                              number(out.size(1))};
    Frames pointers{};
    for (size_t i = 0; i < frames.size(); ++i)
        pointers.data[i] = frames[i].data_ptr<float>();
    cuda::pack_window(layout, pointers, element_of(out), out.data_ptr(), stream());
}

Tensor CudaOps::conv(const Tensor &x, const ConvParameters &p, Activation activation,
                     const Tensor &plus) const {
    if (is_fused_ && activation == Activation::Relu) {
        const std::vector<int64_t> stride(2, p.stride), padding(2, p.padding), dilation(2, 1);
        try {
            return plus.defined()
                       ? at::cudnn_convolution_add_relu(x, p.weight, plus, 1, p.bias, stride,
                                                        padding, dilation, 1)
                       : at::cudnn_convolution_relu(x, p.weight, p.bias, stride, padding, dilation,
                                                    1);
        } catch (const c10::OutOfMemoryError &) {
            throw;
        } catch (const c10::Error &error) {
            if (is_fused_.exchange(false))
                TORCH_WARN("cuDNN has no fused convolution here, which makes networks slower: ",
                           error.what_without_backtrace());
        }
    }
    return TensorOps::conv(x, p, activation, plus);
}

Tensor CudaOps::blend(const Tensor &difference, const Tensor &beta, const Tensor &fresh,
                      const Tensor &current, const Tensor &previous) const {
    // The kernel goes through memory: all of the same layout.
    const auto dense = [](const Tensor &map) { return map.contiguous(at::MemoryFormat::ChannelsLast); };
    const auto d = dense(difference), c = dense(current), p = dense(previous);
    auto out = at::empty_like(d);
    cuda::blend(element_of(d), d.data_ptr(), beta.data_ptr<float>(), fresh.data_ptr<float>(),
                c.data_ptr(), p.data_ptr(), out.data_ptr(), static_cast<size_t>(d.numel()),
                stream());
    return out;
}

Tensor CudaOps::gate(const Tensor &correction, const Tensor &frame, const Gate &gate) const {
    if (!gate.decision)
        return TensorOps::gate(correction, frame, gate);
    const auto layout = gate_layout(gate, static_cast<int>(correction.size(2)),
                                    static_cast<int>(correction.size(3)));
    const auto dense = correction.contiguous();
    auto out = at::empty_like(dense);
    auto scratch = at::empty({2 * kGateMeasures, layout.block_rows, layout.block_columns}, dense.options());
    gate_correction(layout, frame.data_ptr<float>(), dense.data_ptr<float>(),
                    scratch.data_ptr<float>(), out.data_ptr<float>(), stream());
    return out;
}

} // namespace deblur::cuda
