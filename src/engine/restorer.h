// The restoration of one stream, frame by frame and in one thread.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <libdeblur/deblur.h>

#include "engine/backend.h"
#include "engine/scene.h"
#include "engine/window.h"

namespace deblur {

/// Reads frames, cuts them into scenes, steps the network through each with a state of its own, and
/// writes the corrections back.
class Restorer {
  public:
    struct Settings {
        int window;  ///< m
        float scene; ///< scene-cut threshold
        bool stats;  ///< whether to measure sharpness
        bool mask;   ///< whether to write the network's map instead of restored pictures
        std::function<void(const deblur_result &)> finished; ///< called in order, once per frame
        std::function<void(const std::string &)> warn;
    };

    Restorer(Settings settings, Backend::Stream stream);

    /// Reads the next frame, and restores those whose windows it completes; the last of them may
    /// still be under way.
    void take(const deblur_frame &frame);

    /// Waits for what is under way.
    void settle();

    /// Restores what is left, as the end of the stream.
    void finish();

    /// After finish(): goes on with frames of another format and the same size. The network keeps its past, and the scene
    /// goes on unless the next frame tells otherwise.
    void restart(const deblur_format &format);

  private:
    struct Suspect { // the first frame of a new scene, or a flash
        deblur_frame frame;
        Image image;
    };

    struct InFlight { // corrected, perhaps not yet written
        deblur_result result;
        std::chrono::steady_clock::time_point start;
    };

    void push(const deblur_frame &frame, const Image &image);
    void judge_suspect(bool was_flash);
    void restore_pending();
    void finish_scene();
    void restore_next();
    void finish_oldest();

    Settings settings_;
    Backend::Stream stream_;
    SceneDetector detector_;
    Window window_;
    std::deque<deblur_frame> waiting_; // for their turn as the window's centre
    std::deque<InFlight> in_flight_;
    std::optional<Suspect> suspect_;
    bool is_fresh_ = true; // the network has no past
    bool has_warned_ = false;
};

} // namespace deblur
