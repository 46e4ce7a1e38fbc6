// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/model_cache.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>

#include "base/error.h"
#include "torch/network_file.h"

namespace deblur {

namespace {

// On the CPU every stream lays out the weights for itself, and starts from float32.
at::ScalarType parameter_type(const Placement &placement) {
    return placement.device.is_cpu() ? at::kFloat : placement.type;
}

NetworkPtr load_network(const std::string &path, const Placement &placement) {
    try {
        const auto network = network_of(read_network_file(path));
        const auto type = parameter_type(placement);
        network->to(placement.device, type);
        network->set_compute_type(type);
        return network;
    } catch (const WeightFileError &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, error.what());
    } catch (const std::invalid_argument &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, "weights '" + path + "': " + error.what());
    }
}

} // namespace

NetworkPtr shared_network(const std::string &path, const Placement &placement) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<Network>> networks;

    // Never destroyed: at exit, LibTorch may have gone before it.
    static auto &last = *new NetworkPtr;

    std::error_code ignored; // a missing file is reported when it is read
    const auto canonical = std::filesystem::weakly_canonical(path, ignored).string();
    const auto written = std::filesystem::last_write_time(path, ignored).time_since_epoch().count();
    const std::lock_guard lock(mutex);
    auto &slot = networks[placement.device.str() + " " + at::toString(parameter_type(placement)) +
                          " " + std::to_string(written) + " " + (canonical.empty() ? path : canonical)];
    auto network = slot.lock();
    if (!network)
        slot = network = load_network(path, placement);
    last = network;
    return network;
}

} // namespace deblur
