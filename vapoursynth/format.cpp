// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vapoursynth/format.h"

#include <tuple>

#include <VSConstants4.h>

namespace deblur::vapoursynth {

namespace {

/// An integer property, or -1, which none of those read here has.
int read(const VSMap *properties, const char *name, const VSAPI *api) {
    int missing = 0;
    const int value = api->mapGetIntSaturated(properties, name, 0, &missing);
    return missing ? -1 : value;
}

deblur_matrix matrix_of(int value) {
    switch (value) {
    case VSC_MATRIX_RGB:
        return DEBLUR_MATRIX_IDENTITY;
    case VSC_MATRIX_BT709:
        return DEBLUR_MATRIX_BT709;
    case VSC_MATRIX_FCC:
        return DEBLUR_MATRIX_FCC;
    case VSC_MATRIX_BT470_BG:
    case VSC_MATRIX_ST170_M:
        return DEBLUR_MATRIX_BT601;
    case VSC_MATRIX_ST240_M:
        return DEBLUR_MATRIX_SMPTE240M;
    case VSC_MATRIX_YCGCO:
        return DEBLUR_MATRIX_YCGCO;
    case VSC_MATRIX_BT2020_NCL:
    case VSC_MATRIX_BT2020_CL:
        return DEBLUR_MATRIX_BT2020_NCL;
    default:
        return DEBLUR_MATRIX_UNSPECIFIED;
    }
}

deblur_range range_of(const VSMap *properties, const VSAPI *api) {
    // The two properties count in opposite directions.
    switch (read(properties, "_Range", api)) {
    case 0:
        return DEBLUR_RANGE_LIMITED;
    case 1:
        return DEBLUR_RANGE_FULL;
    default:
        break;
    }
    switch (read(properties, "_ColorRange", api)) {
    case 0:
        return DEBLUR_RANGE_FULL;
    case 1:
        return DEBLUR_RANGE_LIMITED;
    default:
        return DEBLUR_RANGE_UNSPECIFIED;
    }
}

deblur_chroma_location chroma_location_of(int value) {
    switch (value) {
    case VSC_CHROMA_LEFT:
        return DEBLUR_CHROMA_LEFT;
    case VSC_CHROMA_CENTER:
        return DEBLUR_CHROMA_CENTER;
    case VSC_CHROMA_TOP_LEFT:
        return DEBLUR_CHROMA_TOPLEFT;
    case VSC_CHROMA_TOP:
        return DEBLUR_CHROMA_TOP;
    case VSC_CHROMA_BOTTOM_LEFT:
        return DEBLUR_CHROMA_BOTTOMLEFT;
    case VSC_CHROMA_BOTTOM:
        return DEBLUR_CHROMA_BOTTOM;
    default:
        return DEBLUR_CHROMA_UNSPECIFIED;
    }
}

} // namespace

bool Tags::operator==(const Tags &other) const {
    return std::tie(matrix, range, chroma_location, pictures) ==
           std::tie(other.matrix, other.range, other.chroma_location, other.pictures);
}

bool is_supported(const VSVideoFormat &format) {
    const bool is_depth = format.sampleType == stFloat
                              ? format.bitsPerSample == 16 || format.bitsPerSample == 32
                              : format.bitsPerSample >= 8 && format.bitsPerSample <= 16;
    return format.colorFamily != cfUndefined && is_depth && format.subSamplingW <= 2 &&
           format.subSamplingH <= 2;
}

bool has_fields(const VSVideoInfo &info) {
    return info.height % (2 << info.format.subSamplingH) == 0;
}

Tags read_tags(const VSVideoInfo &info, const VSMap *properties, FieldMode mode, const VSAPI *api) {
    Tags tags;
    if (info.format.colorFamily == cfYUV) {
        tags.matrix = matrix_of(read(properties, "_Matrix", api));
        tags.chroma_location = chroma_location_of(read(properties, "_ChromaLocation", api));
    }
    tags.range = range_of(properties, api);
    const bool is_interlaced = read(properties, "_FieldBased", api) > VSC_FIELD_PROGRESSIVE;
    if (has_fields(info) &&
        (mode == FieldMode::kFields || (mode == FieldMode::kAuto && is_interlaced)))
        tags.pictures = 2;
    return tags;
}

bool begins_scene(const VSMap *properties, const VSAPI *api) {
    return read(properties, "_SceneChangePrev", api) == 1;
}

deblur_format describe(const VSVideoInfo &info, const Tags &tags, int picture) {
    deblur_format format;
    deblur_default_format(&format);
    format.width = info.width;
    format.height = info.height / tags.pictures;
    format.model = info.format.colorFamily == cfRGB   ? DEBLUR_MODEL_RGB
                   : info.format.colorFamily == cfYUV ? DEBLUR_MODEL_YUV
                                                      : DEBLUR_MODEL_GRAY;
    format.log2_chroma_w = info.format.subSamplingW;
    format.log2_chroma_h = info.format.subSamplingH;
    format.matrix = tags.matrix;
    format.range = tags.range;
    format.chroma_location = tags.chroma_location;
    format.sample_type =
        info.format.sampleType == stFloat ? DEBLUR_SAMPLE_FLOAT : DEBLUR_SAMPLE_INTEGER;
    if (tags.pictures == 2)
        format.field = picture ? DEBLUR_FIELD_BOTTOM : DEBLUR_FIELD_TOP;
    for (int c = 0; c < info.format.numPlanes; ++c)
        format.component[c] = {c, info.format.bytesPerSample, 0, 0, info.format.bitsPerSample};
    return format;
}

deblur_frame describe_frame(VSFrame *frame, const Tags &tags, int picture, const VSAPI *api) {
    deblur_frame description{};
    description.struct_size = sizeof description;
    description.strength = 1;
    for (int p = 0; p < api->getVideoFrameFormat(frame)->numPlanes; ++p) {
        const ptrdiff_t stride = api->getStride(frame, p);
        description.dst[p] = api->getWritePtr(frame, p) + picture * stride;
        description.src[p] = description.dst[p];
        description.src_stride[p] = description.dst_stride[p] = tags.pictures * stride;
    }
    return description;
}

} // namespace deblur::vapoursynth
