// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/region_refinement.h"

#include <vector>

#include <ATen/ATen.h>

namespace deblur {

namespace {

torch::Tensor paste(const torch::Tensor &picture, const PatchWindow &window, const torch::Tensor &patch,
                    double weight) {
    auto pasted = picture.clone();
    const auto share = (weight * feather(window, picture.size(2), picture.size(3))).to(picture.device());
    window.of(pasted).lerp_(patch, share.expand_as(patch));
    return pasted;
}

std::vector<float> to_vector(const torch::Tensor &values) {
    const auto plain = values.to(at::kCPU, at::kFloat).contiguous();
    const auto *begin = plain.data_ptr<float>();
    return {begin, begin + plain.numel()};
}

} // namespace

Refinement refine_regions(const torch::Tensor &picture, const torch::Tensor &memory, int passes,
                          const Refiner &refiner) {
    const auto windows = patch_windows(picture.size(2), picture.size(3));
    RegionMemory before;
    if (memory.defined())
        before = {to_vector(memory.select(0, 0)), to_vector(memory.select(0, 1))};
    const RegionWork<torch::Tensor> work{
        [&](const torch::Tensor &candidate) {
            const auto judged = refiner.judge(candidate);
            return RegionJudgement{judged.confidence, to_vector(heat_in_windows(judged.heat, windows))};
        },
        refiner.refine, paste};
    const auto mined = mine_regions(picture, windows, before, passes, work);
    if (passes == 0)
        return {picture, memory};
    return {mined.picture, at::stack({at::tensor(mined.memory.average), at::tensor(mined.memory.weights)}), mined.tried,
            mined.accepted};
}

} // namespace deblur
