// What a video codec does to a clip, as training data need it: encoded and decoded in memory.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

namespace deblur {

/// Encodes a clip as H.264 4:2:0 and decodes it again. Where FFmpeg has no libx264, MPEG-4 part 2
/// with a quantiser of about the same loss takes its place. Same input, same result.
///
/// @param clip  uint8, N x H x W x 3, RGB, at least 16 x 16
/// @param crf   libx264's constant rate factor, 0 (best) to 51; phones are at about 18 to 30
/// @return like clip
/// @throws MediaError if a codec fails
torch::Tensor compress_h264(const torch::Tensor &clip, int crf);

} // namespace deblur
