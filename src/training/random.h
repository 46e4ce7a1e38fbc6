// Seeded random numbers. Every clip has a generator of its own, derived from (seed, index): data do
// not depend on what was drawn before, so a resumed training sees exactly what it would have seen.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace deblur {

class Random {
  public:
    explicit Random(uint64_t seed) : engine_(mix(seed)) {}
    Random(uint64_t seed, uint64_t index) : engine_(mix(mix(seed) ^ index)) {}

    /// In [low, high).
    double uniform(double low = 0.0, double high = 1.0) {
        return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
    }
    double log_uniform(double low, double high) {
        return std::exp(uniform(std::log(low), std::log(high)));
    }
    /// In [low, high].
    int64_t integer(int64_t low, int64_t high) {
        return low + static_cast<int64_t>(engine_() % static_cast<uint64_t>(high - low + 1));
    }
    bool chance(double probability) { return uniform() < probability; }
    double sign() { return chance(0.5) ? 1.0 : -1.0; }
    uint64_t bits() { return engine_(); }

  private:
    // splitmix64: neighbouring seeds give unrelated streams.
    static uint64_t mix(uint64_t x) {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }

    std::mt19937_64 engine_;
};

} // namespace deblur
