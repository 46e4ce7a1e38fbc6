// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/planner.h"

#include <algorithm>
#include <stdexcept>

#include "base/reflection.h"
#include "inference/cpu/features.h"
#include "inference/cpu/layout.h"
#include "inference/cpu/map_stages.h"

namespace deblur::cpu {

Planner::Planner(Pipeline &pipeline, const Graph &graph, const Parameters &parameters,
                 const PipelineOptions &options)
    : pipeline_(pipeline), graph_(graph), parameters_(parameters), options_(options),
      reads_codes_(multiplies_int8()), maps_(graph.nodes.size()) {}

void Planner::plan() {
    pipeline_.states_.resize(graph_.kept.size());
    pipeline_.groups_.emplace_back();
    for (Value value = 0; value < static_cast<Value>(graph_.nodes.size()); ++value) {
        plan_node(value);
        if (value == graph_.head)
            plan_output(value, graph_.head_factor, pipeline_.head_, pipeline_.pictures_.head);
        if (value == graph_.map)
            plan_output(value, 1, pipeline_.map_, pipeline_.pictures_.map);
        // A map that is read as a whole must be complete first.
        if (node(value).kind != Graph::Kind::State && !is_passed_on(value) &&
            !pipeline_.groups_.back().empty())
            pipeline_.groups_.emplace_back();
    }
    for (size_t i = 0; i < graph_.kept.size(); ++i) {
        Rows &map = map_of(graph_.kept[i]), &state = *pipeline_.states_[i];
        if (!is_kept_by_copying(graph_.kept[i]) || &map == &state)
            continue;
        if (map.element() != state.element()) // the head is float32
            add<ConvertStage>(map, state, strip_rows(state));
        else
            add<ConcatStage>(std::vector{&map}, state, strip_rows(state));
    }
    if (pipeline_.groups_.back().empty())
        pipeline_.groups_.pop_back();
}

void Planner::plan_node(Value value) {
    const auto &now = node(value);
    const int width = round_up(options_.width, options_.multiple) / now.factor;
    const int height = round_up(options_.height, options_.multiple) / now.factor;
    switch (now.kind) {
    case Graph::Kind::Input: {
        auto &map = make_map_of(value, now.channels, width, height);
        return add<WindowStage>(pipeline_.pictures_, now.index, now.factor, map, strip_rows(map));
    }
    case Graph::Kind::InputMean: {
        auto &map = make_map_of(value, now.channels, width, height);
        return add<InputMeanStage>(pipeline_.pictures_, now.index, now.factor, map, strip_rows(map));
    }
    case Graph::Kind::State: {
        auto &map = make_map(options_.element, now.channels, width, height);
        map.make_persistent();
        pipeline_.states_.at(static_cast<size_t>(now.index)) = &map;
        maps_[static_cast<size_t>(value)] = &map;
        return;
    }
    case Graph::Kind::Conv:
        return plan_conv(value);
    case Graph::Kind::Concat: {
        auto &first = map_of(now.first), &second = map_of(now.second);
        auto &map =
            make_map_of(value, first.channels() + second.channels(), first.width(), first.height());
        return add<ConcatStage>(std::vector{&first, &second}, map, strip_rows(map), now.activation);
    }
    case Graph::Kind::Shift: {
        auto &in = map_of(now.first);
        auto &map = make_map_of(value, in.channels(), in.width(), in.height());
        return add<ShiftStage>(in, now.distance, map, strip_rows(map));
    }
    case Graph::Kind::Blend:
        return plan_blend(value);
    case Graph::Kind::UpConv:
        return plan_up_conv(value);
    case Graph::Kind::ShuffleAdd: {
        auto &map = change_in_place(value, now.second);
        return add<ShuffleAddStage>(map_of(now.first), map, strip_rows(map));
    }
    case Graph::Kind::Deconv:
        return plan_deconv(value);
    case Graph::Kind::MaxPool: {
        auto &in = map_of(now.first);
        auto &map = make_map_of(value, in.channels(), in.width() / 2, in.height() / 2);
        return add<MaxPoolStage>(in, map, strip_rows(map));
    }
    case Graph::Kind::MeanPool: {
        auto &in = map_of(now.first);
        const int by = now.factor / node(now.first).factor;
        auto &map = make_map_of(value, in.channels(), in.width() / by, in.height() / by);
        return add<MeanPoolStage>(in, by, map, strip_rows(map));
    }
    case Graph::Kind::Statistics: {
        auto &in = map_of(now.first);
        auto &map = make_map_of(value, now.channels, in.width(), in.height());
        return add<StatisticsStage>(in, map, strip_rows(map));
    }
    case Graph::Kind::Scale: {
        auto &in = map_of(now.first);
        auto &map = make_map_of(value, in.channels(), in.width(), in.height());
        return add<ScaleStage>(in, map_of(now.second), now.gain, now.offset, map, strip_rows(map));
    }
    case Graph::Kind::InstanceNorm:
        break;
    }
    throw std::logic_error("there is no stage for '" + now.module + "'");
}

void Planner::plan_conv(Value value) {
    const auto &now = node(value);
    auto &in = input_of(now.module, map_of(now.first));
    Kernel conv = kernel(now.module);
    if (is_passed_on(value) && node(value + 1).kind == Graph::Kind::ShuffleAdd)
        conv = phases_first(conv);
    const bool adds = now.second != Graph::kNone;
    const int border = (conv.size - 1) / 2;
    const auto length = [&](int of) { return (of + 2 * border - conv.size) / now.stride + 1; };
    auto &out = adds ? change_in_place(value, now.second)
                     : make_map_of(value, conv.out, length(in.width()), length(in.height()));
    add<ConvolutionStage>(in, conv, ConvolutionStage::Geometry{now.stride, border, border}, adds,
                          now.activation, out, strip_rows(out), call_rows(out),
                          range_within(now.module, in));
}

void Planner::plan_blend(Value value) {
    const auto &now = node(value);
    const auto &state = node(now.second);
    if (state.kind != Graph::Kind::State ||
        graph_.kept.at(static_cast<size_t>(state.index)) != value)
        throw std::logic_error("a blending must keep its result as the state that it reads");
    auto &previous = map_of(now.second);
    auto &current = change_in_place(value, now.first);
    auto &both = make_strip(2 * current.channels(), current.width(), current.height());
    auto &difference = make_strip(current.channels(), current.width(), current.height());
    const int strip = strip_rows(current);
    const Kernel compare = kernel(now.module + ".compare");
    const int border = compare.size / 2;
    add<ConcatStage>(std::vector{&previous, &current}, both, strip);
    auto &factors = input_of(now.module + ".compare", both);
    add<ConvolutionStage>(factors, compare, ConvolutionStage::Geometry{1, border, border}, false,
                          Activation::None, difference, strip, call_rows(difference),
                          range_within(now.module + ".compare", factors));
    add<BlendStage>(difference, parameter(now.module + ".beta").values[0], pipeline_.fresh_,
                    previous, current, strip);
}

void Planner::plan_up_conv(Value value) {
    const auto &now = node(value);
    auto &in = input_of(now.module, map_of(now.first));
    const Kernel head = kernel(now.head);
    if (head.size != 3)
        throw std::logic_error(now.head + " is not a 3x3 convolution");
    const Kernel phases = this->phases(now.module);
    const auto range = options_.integer_inputs.find(now.head);
    const int width = in.width() + 1, height = in.height() + 1;
    auto &cells = range == options_.integer_inputs.end() || size_of(in.element()) != 1
                      ? make_strip(phases.out, width, height)
                      : make_integer_strip(range->second, phases.out, width, height);
    constexpr int tile = 5; // of 2x2 kernels, winograd.h
    add<PhaseStage>(in, phases, cells, strip_rows(cells, tile), call_rows(cells, tile),
                    range_within(now.module, in));
    auto &seen = options_.observed ? input_of(now.head, cells) : cells;
    auto &out = make_map_of(value, 4 * head.out, in.width(), in.height());
    add<ConvolutionStage>(seen, on_phases(head), ConvolutionStage::Geometry{}, false,
                          Activation::None, out, strip_rows(out, tile), call_rows(out, tile),
                          range_within(now.head, seen));
}

void Planner::plan_deconv(Value value) {
    const auto &now = node(value);
    auto &in = input_of(now.module, map_of(now.first));
    const Kernel conv = phases(now.module);
    const bool adds = now.second != Graph::kNone;
    auto &out = adds ? change_in_place(value, now.second)
                     : make_map_of(value, conv.out / 4, 2 * in.width(), 2 * in.height());
    auto &cells = make_map(out.element(), conv.out, in.width() + 1, in.height() + 1);
    cells.make_sliding();
    constexpr int tile = 5; // of 2x2 kernels, winograd.h
    add<ConvolutionStage>(in, conv, ConvolutionStage::Geometry{1, 1, 1}, false, now.activation, cells, strip_rows(cells, tile),
                          call_rows(cells, tile), range_within(now.module, in));
    add<InterleaveStage>(cells, adds, out, strip_rows(out));
}

// At full resolution as large as the frames, else as the map.
void Planner::plan_output(Value value, int factor, Pipeline::OutputSize &size, float *const &to) {
    Rows &map = map_of(value);
    size = {map.channels() / (factor * factor), map.height() * factor, map.width() * factor};
    if (node(value).factor == factor) {
        size.height = std::min(size.height, options_.height);
        size.width = std::min(size.width, options_.width);
    }
    add<OutputStage>(map, factor, size.height, size.width, to, strip_rows(map));
}

Kernel Planner::phases(const std::string &module) const {
    const auto &weight = parameter(module + ".weight"), &bias = parameter(module + ".bias");
    if (weight.shape.size() != 4 || weight.shape[2] != 4 || weight.shape[3] != 4)
        throw std::logic_error(module + " is not a 4x4 deconvolution");
    return phases_of_deconvolution(weight.values, bias.values, weight.shape[0], weight.shape[1]);
}

Kernel Planner::kernel(const std::string &module) const {
    const auto &weight = parameter(module + ".weight"), &bias = parameter(module + ".bias");
    const auto &shape = weight.shape;
    if (shape.size() != 4 || shape[2] != shape[3] || shape[2] > 2 * kMargin + 1)
        throw std::logic_error(module + " is not a convolution that can be planned");
    Kernel kernel{shape[0], shape[1], shape[2], {}, {}};
    const size_t count = static_cast<size_t>(shape[0]) * shape[1] * shape[2] * shape[3];
    kernel.weights.assign(weight.values, weight.values + count);
    kernel.biases.assign(bias.values, bias.values + shape[0]);
    return kernel;
}

const Parameter &Planner::parameter(const std::string &name) const {
    const auto found = parameters_.find(name);
    if (found == parameters_.end())
        throw std::logic_error("the graph names '" + name + "', which the network does not have");
    return found->second;
}

Rows &Planner::make_map(Element element, int channels, int width, int height) {
    return pipeline_.maps_.emplace_back(element, channels, width, height);
}

Rows &Planner::make_strip(int channels, int width, int height) {
    auto &map = make_map(options_.element, channels, width, height);
    map.make_sliding();
    return map;
}

Rows &Planner::make_integer_strip(const Range &range, int channels, int width, int height) {
    const bool is_signed = range.low < 0;
    auto &map = make_map(is_signed ? Element::Int8 : Element::UInt8, channels, width, height);
    const float largest = std::max(range.high, -range.low);
    map.set_scale(largest > 0 ? largest / (is_signed ? 127 : 255) : 1);
    map.make_sliding();
    return map;
}

Rows &Planner::input_of(const std::string &module, Rows &map) {
    if (options_.observed) {
        auto &copy = make_map(map.element(), map.channels(), map.width(), map.height());
        copy.make_sliding();
        add<ObserveStage>(map, copy, strip_rows(copy), (*options_.observed)[module]);
        return copy;
    }
    const auto range = options_.integer_inputs.find(module);
    if (!reads_codes_ || range == options_.integer_inputs.end() || size_of(map.element()) == 1)
        return map;
    auto &codes = make_integer_strip(range->second, map.channels(), map.width(), map.height());
    add<QuantizeStage>(map, codes, strip_rows(codes));
    return codes;
}

const Range *Planner::integer_range(Value value) const {
    // oneDNN makes codes from codes only.
    if (!reads_codes_ || !is_passed_on(value) || node(value).kind != Graph::Kind::Conv ||
        (node(value).activation != Activation::None && node(value).activation != Activation::Relu) ||
        options_.integer_inputs.count(node(value).module) == 0)
        return nullptr;
    const auto &reader = node(readers(value).front());
    const auto range = options_.integer_inputs.find(reader.module);
    return reader.kind == Graph::Kind::Conv && range != options_.integer_inputs.end()
               ? &range->second
               : nullptr;
}

const Range *Planner::range_within(const std::string &module, const Rows &map) const {
    constexpr int least = 32; // channels for which the products take longer than making the codes
    const auto range = options_.integer_inputs.find(module);
    return reads_codes_ || range == options_.integer_inputs.end() || map.channels() < least
               ? nullptr
               : &range->second;
}

Rows &Planner::make_map_of(Value value, int channels, int width, int height) {
    auto &slot = maps_[static_cast<size_t>(value)];
    for (size_t i = 0; i < graph_.kept.size(); ++i)
        if (graph_.kept[i] == value && readers(value).empty())
            return *(slot = pipeline_.states_[i]);
    if (const Range *range = integer_range(value))
        return *(slot = &make_integer_strip(*range, channels, width, height));
    const bool is_head = value == graph_.head; // the last addition to the picture is float32
    const auto &now = node(value);
    // So are maps that scale others, and what they are pooled from.
    const bool is_exact = is_head || now.activation == Activation::Sigmoid || now.kind == Graph::Kind::MeanPool;
    slot = &make_map(is_exact ? Element::Float32 : options_.element, channels, width, height);
    if (is_head || is_passed_on(value))
        slot->make_sliding();
    return *slot;
}

Rows &Planner::change_in_place(Value value, Value changed) {
    auto &slot = maps_[static_cast<size_t>(value)];
    slot = &map_of(changed);
    const auto nodes = readers(changed);
    if (nodes.back() == value && !is_kept_by_copying(changed))
        return *slot;
    Rows &old = *slot;
    slot = &make_map(old.element(), old.channels(), old.width(), old.height());
    add<ConcatStage>(std::vector{&old}, *slot, strip_rows(old));
    return *slot;
}

std::vector<Graph::Value> Planner::readers(Value value) const {
    std::vector<Value> nodes;
    for (Value i = 0; i < static_cast<Value>(graph_.nodes.size()); ++i)
        if (node(i).first == value || node(i).second == value)
            nodes.push_back(i);
    return nodes;
}

bool Planner::is_kept_by_copying(Value value) const {
    return node(value).kind != Graph::Kind::Blend &&
           std::find(graph_.kept.begin(), graph_.kept.end(), value) != graph_.kept.end();
}

bool Planner::is_passed_on(Value value) const {
    Value next = value + 1;
    while (next < static_cast<Value>(graph_.nodes.size()) && node(next).kind == Graph::Kind::State)
        ++next;
    if (readers(value) != std::vector{next} || is_kept_by_copying(value) || value == graph_.map)
        return false;
    // What was or is to be changed in place is a whole map.
    const auto &now = node(value), &reader = node(next);
    if (now.kind == Graph::Kind::Blend || now.kind == Graph::Kind::ShuffleAdd ||
        ((now.kind == Graph::Kind::Conv || now.kind == Graph::Kind::Deconv) && now.second != Graph::kNone))
        return false;
    return reader.kind == Graph::Kind::Concat ||
           (reader.kind != Graph::Kind::Blend && reader.first == value && reader.second != value);
}

// Convolutions always work on the same rows together: oneDNN may sum in another order in a call of
// another size, and then the strips' size would show in the results.
int Planner::call_rows(const Rows &map, int tile) const {
    constexpr int least = 8; // more than kernels are high
    const int calls =
        (map.height() - 1) / std::max(options_.blocking.call_pixels / map.width(), least) + 1;
    return round_up((map.height() + calls - 1) / calls, tile);
}

int Planner::strip_rows(const Rows &map, int tile) const {
    const int rows = call_rows(map, tile), calls = (map.height() + rows - 1) / rows;
    return rows * std::min(options_.blocking.calls_per_strip, calls);
}

template <class S, class... Arguments> void Planner::add(Arguments &&...arguments) {
    pipeline_.groups_.back().push_back(std::make_unique<S>(std::forward<Arguments>(arguments)...));
}

} // namespace deblur::cpu
