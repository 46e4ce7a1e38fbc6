// The virtual high-speed camera: blurry and sharp sequences from still pictures, by Eq. 1 of Kim et
// al. 2017, with every sub-frame rendered.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

#include "training/path.h"
#include "training/response.h"

namespace deblur {

/// A flat thing before the camera, with a path of its own.
struct Layer {
    torch::Tensor picture; ///< 3 x h x w, code values in [0,1], larger than the sensor's picture: shrink times the rendered one
    torch::Tensor alpha;   ///< 1 x h x w in [0,1]; undefined: opaque everywhere
    Path path;
    bool is_foreground = true; ///< whether Clip::foreground tells of it; without meaning for the background
};

/// Eq. 1: tau sub-frames make a blurry frame, every T sub-frames a new one begins.
struct Shutter {
    int64_t tau;    ///< odd
    int64_t period; ///< T, tau <= T < 2 tau

    /// Share of the frame interval that is exposed: tau / T.
    double exposure() const { return static_cast<double>(tau) / static_cast<double>(period); }
};

/// A rendered sequence of N frames.
struct Clip {
    torch::Tensor blurry;     ///< B_n: N x 3 x H x W, code values in [0,1]
    torch::Tensor sharp;      ///< S_n, the middle sub-frame, of the same shape
    torch::Tensor motion;     ///< N x 1 x H x W: path length during the exposure, pixels
    torch::Tensor foreground; ///< N x 1 x H x W: alpha of the foreground layers in S_n
    torch::Tensor blur;       ///< N x 1 x H x W: the longest path of anything that a pixel saw, pixels: motion, but
                              ///< wherever an object passed during the exposure, weighted by its alpha
};

struct RenderOptions {
    int64_t frames = 7;
    int64_t height = 128, width = 128;
    Shutter shutter{11, 15};
    double softness = 0; ///< of the lens: standard deviation of what it makes of a point, pixels
    uint64_t noise_seed = 0;
    int64_t shrink = 1; ///< exposed at so many times the size, in light; then comes the response, then both are shrunk, as
                        ///< video is that was filmed larger. Highlights and texture then brighten by a third more.
};

/// Code values at 1 / factor of the size: the mean over squares.
///
/// @param codes N x C x H x W, sizes multiples of factor
torch::Tensor shrunk(const torch::Tensor &codes, int64_t factor);

/// Light behind a lens that makes a Gaussian of every point.
///
/// @param light     N x C x H x W
/// @param deviation pixels; 0: nothing is changed
torch::Tensor soften(const torch::Tensor &light, double deviation);

/// Renders layers (back to front; the first one is the background) through one camera.
///
/// Sub-frames are tau or the smallest odd multiple of tau that keeps the motion between neighbours
/// below one pixel; the mean is taken in light. Paths count pixels of the rendered picture. Work is done on the device of the layers' pictures.
Clip render(const std::vector<Layer> &layers, const CameraResponse &response,
            const RenderOptions &options);

} // namespace deblur
