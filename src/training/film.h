// What happens to film between the camera and the user.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "training/camera.h"
#include "training/random.h"

namespace deblur {

/// Shares of the clips.
struct FilmOptions {
    double enlarged = 0.08;    ///< by 1.3 to 2.5: no detail is as fine as a pixel
    double titled = 0.1;       ///< with sharp signs burnt in, over what is blurred
    double letterboxed = 0.06; ///< with black bars
    double compressed = 0.35;  ///< by H.264, CRF 15 to 36, in the blurry frames alone
};

/// A clip after that: enlarged, titled and letterboxed alike in both blurry and sharp frames, then compressed. What is burnt in does
/// not move.
Clip as_film(Random &random, Clip clip, const FilmOptions &options);

} // namespace deblur
