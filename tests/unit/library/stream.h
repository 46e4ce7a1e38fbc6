// A caller of the C API, for tests: weights on disk, a log, and clips sent through a context.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <libdeblur/deblur.h>

#include "network/network.h"
#include "unit/picture/picture.h"

namespace deblur::test {

/// A network with random parameters and a visible correction, and its file.
struct Weights {
    explicit Weights(const NetworkConfig &config);

    std::string path;
    NetworkPtr network;
};

/// Collects what the library says.
class Log {
  public:
    void attach(deblur_options &options);
    std::vector<std::string> at(deblur_log_level level) const;
    /// The one error message; a test failure if there is not exactly one.
    std::string error() const;

  private:
    static void receive(void *log, deblur_log_level level, const char *message);
    mutable std::mutex mutex_;
    std::vector<std::pair<deblur_log_level, std::string>> messages_;
};

/// Options for exact results: these weights, on the CPU, in fp32, with one thread, without scene-cut
/// detection.
deblur_options exact_options(const Weights &weights);

/// A clip of random pictures, none like the other.
std::vector<Picture> random_clip(const deblur_format &format, int length, unsigned seed = 1);

/// What a frame of a clip can differ in.
struct FrameSettings {
    float strength = 1;
    bool reset = false;
};

/// Sends a clip through a new context as the loop in deblur.h does, in place, and returns it. Checks
/// that every frame came back once and in order.
std::vector<Picture> restore(const deblur_options &options, const deblur_format &format,
                             std::vector<Picture> clip,
                             const std::vector<FrameSettings> &settings = {});

} // namespace deblur::test
