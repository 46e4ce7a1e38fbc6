// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/padding.h"

#include <algorithm>

#include <ATen/ATen.h>

namespace deblur {

namespace {

// Appends reflections along one dimension until it is a multiple. A side of length one repeats.
torch::Tensor extend(torch::Tensor x, int64_t dim, int64_t multiple) {
    int64_t missing = (multiple - x.size(dim) % multiple) % multiple;
    while (missing > 0) {
        const int64_t length = x.size(dim);
        const int64_t count = std::min(missing, std::max<int64_t>(length - 1, 1));
        const int64_t first = length > 1 ? length - 1 - count : 0;
        x = at::cat({x, x.narrow(dim, first, count).flip(dim)}, dim);
        missing -= count;
    }
    return x;
}

} // namespace

torch::Tensor pad_to_multiple(torch::Tensor x, int64_t multiple) {
    const auto format = x.suggest_memory_format();
    return extend(extend(std::move(x), 2, multiple), 3, multiple).contiguous(format);
}

torch::Tensor crop(const torch::Tensor &x, int64_t height, int64_t width) {
    return x.narrow(2, 0, height).narrow(3, 0, width);
}

} // namespace deblur
