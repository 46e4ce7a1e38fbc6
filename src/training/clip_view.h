// How training looks at a clip: which part of it, in which order of frames, under which symmetry.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "training/camera.h"
#include "training/random.h"

namespace deblur {

/// Under which symmetries clips are shown.
enum class Symmetries {
    All, ///< under which blur by Eq. 1 stays blur: reflections, transposition (of square clips), reversal of time,
         ///< permutation of the colour channels
    Upright ///< of these, those under which people look like people: left and right, and reversal of time
};

/// A clip under one of them; the same for all tensors.
Clip transform(Random &random, Clip clip, Symmetries symmetries);

/// Which frames of a clip are shown, in order. Mostly consecutive ones from a random first one on. But what people bring
/// repeats itself: stills, starts of scenes, 24 or 30 frames a second carried in 60. So a share of the orders shows one frame
/// throughout, every frame twice, or one frame again in place of its successor: then neighbours tell nothing of the
/// motion, and the picture itself has to.
///
/// @param held  frames of the clip
/// @param count frames to show, at most held
std::vector<int64_t> frame_order(Random &random, int64_t held, int64_t count);

/// What is shown of a clip.
struct View {
    int64_t frames, size; ///< size: pixels a side
    Symmetries symmetries = Symmetries::All;
};

/// A random part of a clip, in a random order, under a random symmetry.
///
/// @param clip at least as long and as large as the view
Clip view_of(Random &random, const Clip &clip, const View &view);

/// Applies change to every tensor that the clip has.
template <typename Change> void change_all(Clip &clip, const Change &change) {
    for (const auto member :
         {&Clip::blurry, &Clip::sharp, &Clip::motion, &Clip::foreground, &Clip::blur})
        if ((clip.*member).defined())
            clip.*member = change(clip.*member);
}

} // namespace deblur
