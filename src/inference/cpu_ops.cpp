// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_ops.h"

#include <ATen/ATen.h>

#include "inference/cpu/threads.h"

namespace deblur {

torch::Tensor CpuOps::gate(const torch::Tensor &correction, const torch::Tensor &frame, const Gate &gate) const {
    if (!gate_)
        gate_.emplace(gate, static_cast<int>(frame.size(2)), static_cast<int>(frame.size(3)));
    auto gated = correction.clone(at::MemoryFormat::Contiguous); // it may be a part of a larger one
    const cpu::ThreadCount threads(threads_);
    gate_->apply(frame.data_ptr<float>(), gated.data_ptr<float>());
    return gated;
}

} // namespace deblur
