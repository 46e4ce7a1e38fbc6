// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/pipeline.h"

#include <cstring>
#include <stdexcept>

#include "inference/cpu/planner.h"
#include "inference/cpu/threads.h"

namespace deblur::cpu {

Pipeline::Pipeline(const Graph &graph, const Parameters &parameters, const PipelineOptions &options)
    : threads_(options.threads) {
    pictures_.height = options.height;
    pictures_.width = options.width;
    pictures_.planes.resize(static_cast<size_t>(options.planes));
    const ThreadCount threads(threads_);
    Planner(*this, graph, parameters, options).plan();
    for (auto &map : maps_)
        map.allocate();
}

Pipeline::~Pipeline() = default;

void Pipeline::step(const std::vector<const float *> &planes, const Image &head, const Image &map) {
    const ThreadCount threads(threads_);
    pictures_.planes.assign(planes.begin(), planes.end());
    pictures_.head = head.data();
    pictures_.map = map.data();
    if (fresh_)
        for (Rows *state : states_)
            state->clear();

    for (auto &group : groups_)
        for (auto &stage : group)
            stage->restart();
    for (auto &group : groups_)
        while (!group.back()->is_done()) {
            bool progress = false;
            for (auto &stage : group)
                progress |= stage->advance();
            if (!progress)
                throw std::logic_error("a group of layers waits for itself");
        }
    fresh_ = false;
}

template <class Visit> void Pipeline::visit_state(const Part &part, Visit visit) const {
    for (Rows *state : states_) {
        const int factor = pictures_.width / state->width();
        const size_t pixel = state->row_bytes() / static_cast<size_t>(state->width());
        for (int y = part.y / factor; y < (part.y + part.height) / factor; ++y)
            visit(state->row_as<char>(y) + pixel * static_cast<size_t>(part.x / factor),
                  pixel * static_cast<size_t>(part.width / factor));
    }
}

std::vector<char> Pipeline::state(const Part &part) const {
    std::vector<char> bytes;
    visit_state(part, [&](const char *samples, size_t size) { bytes.insert(bytes.end(), samples, samples + size); });
    return bytes;
}

void Pipeline::set_state(const Part &part, const std::vector<char> &state) {
    const char *from = state.data();
    visit_state(part, [&](char *samples, size_t size) {
        std::memcpy(samples, from, size);
        from += size;
    });
    fresh_ = false;
}

size_t Pipeline::bytes() const {
    size_t sum = 0;
    for (const auto &map : maps_)
        sum += map.bytes();
    return sum;
}

} // namespace deblur::cpu
