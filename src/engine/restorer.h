// The restoration of one stream, frame by frame and in one thread.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <libdeblur/deblur.h>

#include "engine/placement.h"
#include "engine/scene.h"
#include "engine/window.h"
#include "inference/inference_network.h"
#include "picture/converter.h"

namespace deblur {

/// Reads frames, cuts them into scenes, steps the network through each with a state of its own, and
/// writes the corrections back.
class Restorer {
  public:
    struct Settings {
        NetworkPtr network;
        Placement placement;
        int threads;
        int width, height;                          ///< at which the network works, in pixels
        float scene;                                ///< scene-cut threshold
        std::function<void(void *opaque)> finished; ///< called in order, once per frame
        std::function<void(const std::string &)> warn;
    };

    Restorer(Settings settings, const deblur_format &format);

    /// Reads the next frame, and restores those whose windows it completes.
    void take(const deblur_frame &frame);

    /// Restores what is left, as the end of a scene.
    void finish_scene();

  private:
    void restore_next();

    Settings settings_;
    deblur_format format_;
    Converter converter_;
    SceneDetector detector_;
    Window window_;
    std::deque<deblur_frame> waiting_; // for their turn as the window's centre
    std::unique_ptr<InferenceNetwork> network_;
    bool has_warned_ = false;
};

} // namespace deblur
