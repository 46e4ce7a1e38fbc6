// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cuda/picture_layout.h"

#include <algorithm>
#include <cstring>

#include "picture/color.h"
#include "picture/siting.h"

namespace deblur::cuda {

namespace {

constexpr size_t kAlignment = 256;

size_t aligned(size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

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

Planes source_planes(const deblur_frame &frame) {
    Planes planes{};
    for (int p = 0; p < kMaxPlanes; ++p) {
        planes.data[p] = static_cast<uint8_t *>(const_cast<void *>(frame.src[p]));
        planes.stride[p] = frame.src_stride[p];
    }
    return planes;
}

Planes destination_planes(const deblur_frame &frame) {
    Planes planes{};
    for (int p = 0; p < kMaxPlanes; ++p) {
        planes.data[p] = static_cast<uint8_t *>(frame.dst[p]);
        planes.stride[p] = frame.dst_stride[p];
    }
    return planes;
}

PlaneSizes plane_sizes(const PictureLayout &layout) {
    PlaneSizes sizes{};
    for (int i = 0; i < layout.components; ++i) {
        const Component &c = layout.component[i];
        PlaneSize &size = sizes[static_cast<size_t>(c.plane)];
        const size_t last = size_t(c.across.samples - 1) * size_t(c.step);
        size.row_bytes = std::max(size.row_bytes, last + size_t(c.begin) + (c.is_word ? 2 : 1));
        size.rows = std::max(size.rows, c.down.samples);
    }
    return sizes;
}

PlaneBlock::PlaneBlock(const PlaneSizes &sizes) {
    for (size_t p = 0; p < sizes.size(); ++p) {
        strides_[p] = aligned(sizes[p].row_bytes);
        offsets_[p] = bytes_;
        bytes_ += strides_[p] * static_cast<size_t>(sizes[p].rows);
    }
}

Planes PlaneBlock::planes_at(uint8_t *begin) const {
    Planes planes{};
    for (size_t p = 0; p < strides_.size(); ++p) {
        planes.data[p] = begin + offsets_[p];
        planes.stride[p] = static_cast<ptrdiff_t>(strides_[p]);
    }
    return planes;
}

} // namespace deblur::cuda
