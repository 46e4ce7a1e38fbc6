// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace deblur {

double RateSchedule::operator()(int64_t step) const {
    const auto at = static_cast<double>(step), rising_steps = static_cast<double>(warmup);
    const double rising = std::min(1.0, (at + 1) / std::max(1.0, rising_steps));
    if (kind == "constant")
        return rising;
    if (kind == "exponential")
        return rising * std::pow(decay, at / static_cast<double>(decay_steps));
    if (kind != "cosine")
        throw std::invalid_argument("unknown schedule '" + kind +
                                    "', valid are: cosine, exponential, constant");
    const double done = std::clamp(
        (at - rising_steps) / std::max(1.0, static_cast<double>(steps - warmup)), 0.0, 1.0);
    const double cosine = 0.5 * (1 + std::cos(done * 3.14159265358979));
    return rising * (final_share + (1 - final_share) * cosine);
}

Stage parse_stage(const std::string &text) {
    Stage stage;
    char colons[3] = {};
    std::istringstream in(text);
    in >> std::noskipws >> stage.begin >> colons[0] >> stage.frames >> colons[1] >> stage.batch >> colons[2] >> stage.size;
    const bool is_read = in && in.peek() == std::istringstream::traits_type::eof();
    if (!is_read || std::string(colons, 3) != ":::" || !(stage.begin >= 0 && stage.begin < 1) || stage.frames < 1 ||
        stage.batch < 1 || stage.size < 16)
        throw std::invalid_argument("stage '" + text +
                                    "' is not BEGIN:FRAMES:BATCH:SIZE with BEGIN in [0, 1), FRAMES "
                                    "and BATCH from 1 and SIZE from 16, such as 0.7:13:2:128");
    return stage;
}

size_t stage_at(const std::vector<Stage> &stages, int64_t step, int64_t steps) {
    size_t stage = 0;
    while (stage + 1 < stages.size() &&
           static_cast<double>(step) >= stages[stage + 1].begin * static_cast<double>(steps))
        ++stage;
    return stage;
}

} // namespace deblur
