// From a network's graph to maps and stages.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu/pipeline.h"

namespace deblur::cpu {

/// Fills a pipeline.
///
/// A value that only the next node reads lives in a strip, and both nodes work in one group; all
/// others are whole maps. A map is overwritten in place by a residual addition or a blending that is
/// the last to read it.
class Planner {
  public:
    Planner(Pipeline &pipeline, const Graph &graph, const Parameters &parameters,
            const PipelineOptions &options);

    /// @throws std::logic_error for a graph that it cannot plan
    void plan();

  private:
    using Value = Graph::Value;

    void plan_node(Value value);
    void plan_conv(Value value);
    void plan_blend(Value value);
    void plan_up_conv(Value value);
    void plan_deconv(Value value);
    void plan_output(Value value, int factor, Pipeline::OutputSize &size, float *const &to);

    /// Weights and biases of a module that is a convolution.
    Kernel kernel(const std::string &module) const;
    const Parameter &parameter(const std::string &name) const;

    Rows &map_of(Value value) { return *maps_[static_cast<size_t>(value)]; }
    /// Its weights and biases as the convolution that makes its phases.
    Kernel phases(const std::string &module) const;
    Rows &make_map(Element element, int channels, int width, int height);
    Rows &make_strip(int channels, int width, int height);
    Rows &make_integer_strip(const Range &range, int channels, int width, int height);
    /// A map as the input of a convolution: itself, or its codes if they are to be multiplied, or a copy that is observed.
    Rows &input_of(const std::string &module, Rows &map);
    /// The range of the only reader's input, if the value can be made as its codes; else null.
    const Range *integer_range(Value value) const;
    /// The range of a float32 map whose samples a convolution multiplies as codes that it makes itself; or null.
    const Range *range_within(const std::string &module, const Rows &map) const;
    /// The map of a value: a strip, or the map of the state that it becomes, where that is possible.
    Rows &make_map_of(Value value, int channels, int width, int height);
    /// The map of a value that is another one changed; if that is still needed, of its copy.
    Rows &change_in_place(Value value, Value changed);

    const Graph::Node &node(Value value) const { return graph_.nodes[static_cast<size_t>(value)]; }
    /// Whether the next node, and nobody else, reads the value, and can read it in strips.
    bool is_passed_on(Value value) const;
    /// Whether the value becomes a state, other than a blending's, which stores it itself.
    bool is_kept_by_copying(Value value) const;
    std::vector<Value> readers(Value value) const; ///< in order
    /// In one call of a convolution that makes the map: a multiple of the tiles' height.
    int call_rows(const Rows &map, int tile = 4) const;
    int strip_rows(const Rows &map, int tile = 4) const; ///< a multiple of call_rows()
    template <class S, class... Arguments> void add(Arguments &&...arguments);

    Pipeline &pipeline_;
    const Graph &graph_;
    const Parameters &parameters_;
    const PipelineOptions &options_;
    const bool reads_codes_;   // whether convolutions read 8-bit maps, rather than make the codes from float32
    std::vector<Rows *> maps_; // of the values
};

} // namespace deblur::cpu
