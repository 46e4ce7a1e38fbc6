// What a frame of VapourSynth and its properties say about the picture, in libdeblur's terms.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <VapourSynth4.h>
#include <libdeblur/deblur.h>

namespace deblur::vapoursynth {

enum class FieldMode {
    kAuto, ///< frames, but fields where _FieldBased says that there are two
    kFrame,
    kFields
};

/// What may differ from frame to frame of a clip of constant format and size.
struct Tags {
    deblur_matrix matrix = DEBLUR_MATRIX_UNSPECIFIED;
    deblur_range range = DEBLUR_RANGE_UNSPECIFIED;
    deblur_chroma_location chroma_location = DEBLUR_CHROMA_UNSPECIFIED;
    int pictures = 1; ///< 2: its fields, top and bottom

    bool operator==(const Tags &other) const;
    bool operator!=(const Tags &other) const { return !(*this == other); }
};

/// Whether libdeblur restores clips of this format: 8 to 16 bits, or floating point.
bool is_supported(const VSVideoFormat &format);

/// Whether the lines divide into two equal fields, chroma included.
bool has_fields(const VSVideoInfo &info);

/// Reads _Matrix, _Range (or, from before VapourSynth R74, _ColorRange), _ChromaLocation and _FieldBased.
Tags read_tags(const VSVideoInfo &info, const VSMap *properties, FieldMode mode, const VSAPI *api);

/// Whether the property _SceneChangePrev says that the frame begins a scene.
bool begins_scene(const VSMap *properties, const VSAPI *api);

/// The format of the frame's picture, or of one of its two: 0 is top, 1 is bottom.
deblur_format describe(const VSVideoInfo &info, const Tags &tags, int picture);

/// A frame that is restored in place. Its strength is 1.
deblur_frame describe_frame(VSFrame *frame, const Tags &tags, int picture, const VSAPI *api);

} // namespace deblur::vapoursynth
