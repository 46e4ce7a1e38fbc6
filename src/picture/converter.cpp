// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/converter.h"

#include <algorithm>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "picture/samples.h"

namespace deblur {

namespace {

// Rows in one task: enough work to be worth a thread.
int64_t row_grain(int width) {
    return std::max(1, 65536 / width);
}

const void *source_row(const deblur_frame &frame, int plane, int y) {
    return static_cast<const char *>(frame.src[plane]) + y * frame.src_stride[plane];
}

void *destination_row(const deblur_frame &frame, int plane, int y) {
    return static_cast<char *>(frame.dst[plane]) + y * frame.dst_stride[plane];
}

} // namespace

Converter::Converter(const deblur_format &format)
    : format_(format), components_(component_count(format)), color_(make_color_transform(format)) {
    for (int c = 0; c < components_; ++c) {
        const Siting across = horizontal_siting(format, c), down = vertical_siting(format, c);
        planes_[c] = {storage_of(format, format.component[c]),
                      across.samples(format.width),
                      down.samples(format.height),
                      interpolations(across, format.width),
                      interpolations(down, format.height),
                      averages(across, format.width),
                      averages(down, format.height)};
    }
}

bool Converter::is_subsampled(int component) const {
    return format_.model == DEBLUR_MODEL_YUV && component > 0 &&
           (format_.log2_chroma_w > 0 || format_.log2_chroma_h > 0);
}

// Code values of one component at every luma position of row y; scratch holds 2 * width floats.
void Converter::read_component_row(const deblur_frame &frame, int component, int y, float *out,
                                   std::vector<float> &scratch) const {
    const auto &layout = format_.component[component];
    const Plane &plane = planes_[component];
    if (!is_subsampled(component)) {
        load_row(plane.storage, layout, source_row(frame, layout.plane, y), plane.width, out);
        return;
    }
    const Interpolation down = plane.down[y];
    float *first = scratch.data(), *second = first + plane.width;
    load_row(plane.storage, layout, source_row(frame, layout.plane, down.first), plane.width,
             first);
    load_row(plane.storage, layout, source_row(frame, layout.plane, down.second), plane.width,
             second);
    for (int x = 0; x < plane.width; ++x)
        first[x] += down.fraction * (second[x] - first[x]);
    for (int x = 0; x < format_.width; ++x) {
        const Interpolation &across = plane.across[x];
        const float value = first[across.first];
        out[x] = value + across.fraction * (first[across.second] - value);
    }
}

torch::Tensor Converter::read(const deblur_frame &frame) const {
    const int width = format_.width, height = format_.height;
    auto image = at::empty({1, 3, height, width}, at::kFloat);
    float *const data = image.data_ptr<float>();
    at::parallel_for(0, height, row_grain(width), [&](int64_t begin, int64_t end) {
        std::vector<float> codes(static_cast<size_t>(components_) * width);
        std::vector<float> scratch(2 * static_cast<size_t>(width));
        for (int64_t y = begin; y < end; ++y) {
            for (int c = 0; c < components_; ++c)
                read_component_row(frame, c, static_cast<int>(y), &codes[size_t(c) * width],
                                   scratch);
            for (int k = 0; k < 3; ++k) {
                float *const out = data + (int64_t{k} * height + y) * width;
                std::fill_n(out, width, color_.bias[k]);
                for (int c = 0; c < components_; ++c) {
                    const float *const in = &codes[size_t(c) * width];
                    const float factor = color_.to_rgb[k][c];
                    for (int x = 0; x < width; ++x)
                        out[x] += factor * in[x];
                }
            }
        }
    });
    return image;
}

void Converter::correct(const deblur_frame &frame, const torch::Tensor &correction) const {
    const int width = format_.width, height = format_.height;
    const auto contiguous = correction.contiguous();
    const float *const data = contiguous.data_ptr<float>();
    for (int c = 0; c < components_; ++c) {
        const auto &layout = format_.component[c];
        const Plane &plane = planes_[c];
        at::parallel_for(0, plane.height, row_grain(width), [&](int64_t begin, int64_t end) {
            std::vector<float> full(width), change(plane.width);
            for (int64_t j = begin; j < end; ++j) {
                const Average &rows = plane.row_averages[j];
                std::fill(full.begin(), full.end(), 0.0f);
                for (int tap = 0; tap < rows.count; ++tap)
                    for (int k = 0; k < 3; ++k) {
                        const float *const in =
                            data + (int64_t{k} * height + rows.first + tap) * width;
                        const float factor =
                            rows.weight[tap] * color_.from_rgb[c][k] * frame.strength;
                        for (int x = 0; x < width; ++x)
                            full[x] += factor * in[x];
                    }
                const float *row = full.data();
                if (is_subsampled(c)) {
                    for (int i = 0; i < plane.width; ++i) {
                        const Average &columns = plane.column_averages[i];
                        change[i] = 0;
                        for (int tap = 0; tap < columns.count; ++tap)
                            change[i] += columns.weight[tap] * full[columns.first + tap];
                    }
                    row = change.data();
                }
                const int y = static_cast<int>(j);
                add_row(plane.storage, layout, source_row(frame, layout.plane, y),
                        destination_row(frame, layout.plane, y), plane.width, row);
            }
        });
    }
}

} // namespace deblur
