// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/converter.h"

#include <algorithm>

#include "base/parallel.h"
#include "picture/rows.h"

namespace deblur {

namespace {

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
                      across.factor,
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
    interpolate_down(first, second, down.fraction, plane.width);
    interpolate_across(first, plane.across, plane.across_factor, out);
}

Image Converter::read(const deblur_frame &frame) const {
    const int width = format_.width, height = format_.height;
    const Image image(3, height, width);
    for_parts(height, row_grain(width), [&](int begin, int end) {
        std::vector<float> codes(static_cast<size_t>(components_) * width);
        std::vector<float> scratch(2 * static_cast<size_t>(width));
        for (int y = begin; y < end; ++y) {
            for (int c = 0; c < components_; ++c)
                read_component_row(frame, c, y, &codes[size_t(c) * width], scratch);
            for (int k = 0; k < 3; ++k) {
                Mixture mixture{};
                for (int c = 0; c < components_; ++c) {
                    mixture.rows[c] = &codes[size_t(c) * width];
                    mixture.factors[c] = color_.to_rgb[k][c];
                }
                mix(mixture, components_, color_.bias[k], image.row(k, y), width);
            }
        }
    });
    return image;
}

void Converter::correct(const deblur_frame &frame, const Image &correction) const {
    const int width = format_.width;
    for (int c = 0; c < components_; ++c) {
        const auto &layout = format_.component[c];
        const Plane &plane = planes_[c];
        for_parts(plane.height, row_grain(width), [&](int begin, int end) {
            std::vector<float> full(width), change(plane.width);
            for (int y = begin; y < end; ++y) {
                const Average &rows = plane.row_averages[y];
                for (int tap = 0; tap < rows.count; ++tap) {
                    Mixture mixture;
                    for (int k = 0; k < 3; ++k) {
                        mixture.rows[k] = correction.row(k, rows.first + tap);
                        mixture.factors[k] =
                            rows.weight[tap] * color_.from_rgb[c][k] * frame.strength;
                    }
                    if (tap == 0)
                        mix(mixture, 3, 0, full.data(), width);
                    else
                        mix_more(mixture, full.data(), width);
                }
                const float *row = full.data();
                if (is_subsampled(c)) {
                    average_across(row, plane.column_averages, plane.across_factor, change.data());
                    row = change.data();
                }
                add_row(plane.storage, layout, source_row(frame, layout.plane, y),
                        destination_row(frame, layout.plane, y), plane.width, row);
            }
        });
    }
}

void Converter::show(const deblur_frame &frame, const Image &gray) const {
    for (int c = 0; c < components_; ++c) {
        const auto &layout = format_.component[c];
        const Plane &plane = planes_[c];
        float black = 0, white = 0; // the component's codes
        for (int k = 0; k < 3; ++k) {
            black -= color_.from_rgb[c][k] * color_.bias[k];
            white += color_.from_rgb[c][k] * (1 - color_.bias[k]);
        }
        for_parts(plane.height, row_grain(format_.width), [&](int begin, int end) {
            std::vector<float> change(plane.width);
            for (int y = begin; y < end; ++y) {
                load_row(plane.storage, layout, source_row(frame, layout.plane, y), plane.width, change.data());
                const float *const levels = is_subsampled(c) ? nullptr : gray.row(0, y);
                for (int x = 0; x < plane.width; ++x) {
                    // Subsampled chroma of a gray is neutral everywhere.
                    const float level = levels ? levels[x] : 0;
                    change[x] = frame.strength * (black + level * (white - black) - change[x]);
                }
                add_row(plane.storage, layout, source_row(frame, layout.plane, y),
                        destination_row(frame, layout.plane, y), plane.width, change.data());
            }
        });
    }
}

} // namespace deblur
