// What a gate looks at and how it decides, for those who compute it. (Ours; not in the papers.)
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>

#include "base/portable.h"

namespace deblur {

constexpr int kGateBlock = 8; ///< pixels a side of what is summed up first
constexpr int kGateReach = 8; ///< blocks on each side of a block that count as its surroundings

/// Pixels around one on which its gate depends, at most: those of the blocks that its strength lies between.
constexpr int kGateHalo = (kGateReach + 2) * kGateBlock;

/// What is measured of a frame and its correction, in the order of GateMeasures. "Gray" is the mean of R, G and B; a
/// difference is that of gray between two pixels as far on either side of one: horizontally, vertically, along the falling
/// and the rising diagonal. Beyond the edges lies the nearest pixel.
enum GateMeasure {
    kChange,                     ///< squares of the correction, mean of R, G and B
    kDetail,                     ///< squares of the frame's Laplacian (4 neighbours)
    kCross,                      ///< gray correction times that Laplacian
    kCorrectionNear,             ///< squared differences of the correction, 1 pixel to each side: 4 directions
    kNear = kCorrectionNear + 4, ///< the same of the frame
    kFar = kNear + 4,            ///< the same, 2 pixels to each side
    kGateMeasures = kFar + 4
};

constexpr int kGateSpan = 2; ///< pixels on each side of one that its measures look at

/// Where the second pixel of a difference lies; the first one lies opposite.
struct GateDirection {
    int x, y;
};
DEBLUR_PORTABLE GateDirection gate_direction(int i) {
    return {i == 1 ? 0 : 1, i == 0 ? 0 : i == 3 ? -1 : 1};
}

/// Means over some pixels.
struct GateMeasures {
    float value[kGateMeasures];

    DEBLUR_PORTABLE void add(const GateMeasures &other) {
        for (int i = 0; i < kGateMeasures; ++i)
            value[i] += other.value[i];
    }
    DEBLUR_PORTABLE GateMeasures over(int count) const {
        const float part = 1.0f / static_cast<float>(count);
        GateMeasures mean;
        for (int i = 0; i < kGateMeasures; ++i)
            mean.value[i] = value[i] * part;
        return mean;
    }
};

constexpr int kGateFeatures = 6;
constexpr int kGateHidden = 8;

/// Floors of the measures: of the frame 0.8 codes at 8 bits, of the correction a twelfth of a code (rms).
constexpr float kGateFloor = 1e-5f, kGateChangeFloor = 1e-7f;

/// What tells blur from sharpness, about -3 to 3 each.
struct GateFeatures {
    float value[kGateFeatures];
};

DEBLUR_PORTABLE GateFeatures gate_features(const GateMeasures &measures) {
    const float *const m = measures.value, *const near = m + kNear, *const far = m + kFar;
    const float *const correction = m + kCorrectionNear;
    const auto mean = [](const float *of) { return (of[0] + of[1] + of[2] + of[3]) * 0.25f; };
    // In blur, gray changes along its path in proportion to the distance, up to the path's length.
    float steepest = 0, flattest = 0;
    for (int i = 0; i < 4; ++i) {
        const float growth = (far[i] + kGateFloor) / (near[i] + kGateFloor);
        steepest = i == 0 ? growth : larger(steepest, growth);
        flattest = i == 0 ? growth : smaller(flattest, growth);
    }
    // Blur lowers differences along its path; what corrects it raises them there.
    const float along = (near[0] - near[1]) * (correction[0] - correction[1]) +
                        (near[2] - near[3]) * (correction[2] - correction[3]) * 0.25f;
    const float log_detail = logf(m[kDetail] + kGateFloor);
    return {{
        0.5f * (logf(m[kChange] + kGateChangeFloor) - log_detail),
        m[kCross] / (sqrtf(m[kChange] * m[kDetail]) + 1e-6f),
        0.5f * (log_detail - logf(mean(near) + kGateFloor)),
        along / (4 * mean(near) * mean(correction) + 1e-12f),
        0.5f * logf(steepest),
        0.5f * logf(flattest),
    }};
}

/// A network of one hidden layer, fitted to the network whose corrections it judges: training/gate_fit.h.
struct GateDecision {
    float hidden[kGateHidden][kGateFeatures], hidden_bias[kGateHidden];
    float output[kGateHidden], output_bias;
};
constexpr int kGateParameters = sizeof(GateDecision) / sizeof(float);

/// How far a correction is trusted, 0 to 1. Hidden values are sums through x / (1 + |x|).
DEBLUR_PORTABLE float gate_trust(const GateDecision &decision, const GateFeatures &features) {
    float sum = decision.output_bias;
    for (int i = 0; i < kGateHidden; ++i) {
        float x = decision.hidden_bias[i];
        for (int k = 0; k < kGateFeatures; ++k)
            x += decision.hidden[i][k] * features.value[k];
        sum += decision.output[i] * x / (1 + fabsf(x));
    }
    return 1 / (1 + expf(-sum));
}

/// What of a step's correction goes into the picture: gain times trust.
struct Gate {
    double gain = 1;                                     ///< above 0 to 2
    std::optional<GateDecision> decision = std::nullopt; ///< without, everything is trusted
};

} // namespace deblur
