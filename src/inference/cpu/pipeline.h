// A network's steps on the CPU: its graph, planned for one size of frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/image.h"
#include "inference/cpu/stages.h"
#include "network/graph.h"

namespace deblur::cpu {

/// A network's parameter; the values are the caller's, and only read while a pipeline is made.
struct Parameter {
    std::vector<int> shape;
    const float *values;
};
using Parameters = std::map<std::string, Parameter>;

/// How much of a map is worked on at once.
struct Blocking {
    /// Positions of the map that one call of a convolution makes, about: what a thread takes at a time.
    int call_pixels = 2048;
    int calls_per_strip = 4; ///< more use more memory, and give the same results
};

struct PipelineOptions {
    Element element = Element::Float32; ///< of activations, state and the products' factors
    int height = 0, width = 0;          ///< of the frames
    int multiple = 1;                   ///< the frames are extended to multiples of this
    int planes = 3;                     ///< that a step gets
    int threads = 1;
    Blocking blocking;
    /// Inputs of convolutions, by module, that are to be multiplied as 8-bit integers.
    std::map<std::string, Range> integer_inputs = {};
    /// Where the ranges that inputs of convolutions have are added to, by module; null: nobody wants to know.
    std::map<std::string, Range> *observed = nullptr;
};

/// A rectangle of a frame, in pixels.
struct Part {
    int y, x, height, width;
};

/// All layers laid out, all buffers allocated. What one layer makes for the next lives in strips of
/// some rows; only what a later layer reads from afar is a whole map. Results do not depend on the
/// strips' size.
class Pipeline {
  public:
    struct OutputSize {
        int channels = 0, height = 0, width = 0;
    };

    Pipeline(const Graph &graph, const Parameters &parameters, const PipelineOptions &options);
    ~Pipeline();

    /// Without samples, for step(): at full resolution of the frames' size, else of a map's of the extended frames.
    Image make_head() const { return make_image(head_); }
    Image make_map() const { return make_image(map_); } ///< empty if the graph has none

    /// One time step.
    ///
    /// @param planes options.planes of height x width float32 each
    /// @param head   as from make_head()
    /// @param map    as from make_map()
    void step(const std::vector<const float *> &planes, const Image &head, const Image &map = {});

    /// The next step begins a sequence.
    void reset() { fresh_ = true; }

    bool is_fresh() const { return fresh_; } ///< whether it does

    /// The state of a part of the frame, for set_state() of a pipeline of the same graph and element. Part and frame have
    /// sides that are multiples of options.multiple.
    std::vector<char> state(const Part &part) const;
    /// Goes on from there: the next step does not begin a sequence.
    void set_state(const Part &part, const std::vector<char> &state);

    size_t bytes() const; ///< of all maps

  private:
    friend class Planner;

    /// Calls visit(samples, bytes) for each row of the part of each state.
    template <class Visit> void visit_state(const Part &part, Visit visit) const;

    static Image make_image(const OutputSize &size) {
        return size.channels == 0 ? Image() : Image(size.channels, size.height, size.width);
    }

    Pictures pictures_;
    OutputSize head_, map_;
    int threads_;
    std::deque<Rows> maps_; // stay where they are
    std::vector<Rows *> states_;
    std::vector<std::vector<std::unique_ptr<Stage>>> groups_; // run one after the other
    bool fresh_ = true;                                       // the next step begins a sequence
};

} // namespace deblur::cpu
