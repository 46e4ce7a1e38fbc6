// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/feed.h"

#include <stdexcept>

namespace deblur {

void Feed::add(std::shared_ptr<const ClipSource> source, double weight) {
    parts_.push_back({std::move(source), weight});
    sum_ += weight;
}

Clip Feed::clip(uint64_t index) const {
    if (parts_.empty())
        throw std::logic_error("a feed must have a source");
    Random random(seed_ ^ 0xfeed, index); // apart from its sources' random numbers
    double drawn = random.uniform(0, sum_);
    size_t i = 0;
    while (i + 1 < parts_.size() && drawn >= parts_[i].weight)
        drawn -= parts_[i++].weight;
    return as_film(random, parts_[i].source->clip(index), film_);
}

} // namespace deblur
