// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/picture_layout.h"

#include <algorithm>
#include <cstring>

#include "picture/color.h"
#include "picture/siting.h"

namespace deblur::cuda {

namespace {

Axis make_axis(const Siting &siting, int luma) {
    return {siting.factor, static_cast<float>(siting.offset), luma, siting.samples(luma)};
}

} // namespace

bool is_for_kernels(const deblur_format &format) {
    return format.sample_type == DEBLUR_SAMPLE_INTEGER;
}

PictureLayout picture_layout(const deblur_format &format) {
    PictureLayout layout{};
    layout.width = format.width;
    layout.height = format.height;
    layout.components = component_count(format);
    for (int c = 0; c < layout.components; ++c) {
        const auto &[plane, step, offset, shift, depth] = format.component[c];
        layout.component[c] = {plane,
                               step,
                               offset,
                               shift,
                               depth,
                               depth + shift > 8,
                               format.big_endian != 0,
                               make_axis(horizontal_siting(format, c), format.width),
                               make_axis(vertical_siting(format, c), format.height)};
    }
    const ColorTransform color = make_color_transform(format);
    std::memcpy(layout.to_rgb, color.to_rgb, sizeof layout.to_rgb);
    std::memcpy(layout.bias, color.bias, sizeof layout.bias);
    std::memcpy(layout.from_rgb, color.from_rgb, sizeof layout.from_rgb);
    return layout;
}

PlaneSize plane_size(const PictureLayout &layout, int plane) {
    PlaneSize size;
    for (int i = 0; i < layout.components; ++i) {
        const Component &c = layout.component[i];
        if (c.plane != plane)
            continue;
        const size_t last = size_t(c.across.samples - 1) * size_t(c.step);
        size.row_bytes = std::max(size.row_bytes, last + size_t(c.begin) + (c.is_word ? 2 : 1));
        size.rows = std::max(size.rows, c.down.samples);
    }
    return size;
}

} // namespace deblur::cuda
