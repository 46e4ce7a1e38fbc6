// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/model_cache.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>

#include "base/error.h"
#include "engine/model_file.h"
#include "weights/weights.h"

namespace deblur {

namespace {

ModelPtr load_model(const std::string &path) {
    try {
        return std::make_shared<const Model>(read_model(path));
    } catch (const WeightFileError &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, error.what());
    } catch (const std::invalid_argument &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, "weights '" + path + "': " + error.what());
    }
}

} // namespace

ModelPtr shared_model(const std::string &path) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<const Model>> models;
    static ModelPtr last;

    std::error_code ignored; // a missing file is reported when it is read
    const auto canonical = std::filesystem::weakly_canonical(path, ignored).string();
    const auto written = std::filesystem::last_write_time(path, ignored).time_since_epoch().count();
    const std::lock_guard lock(mutex);
    auto &slot = models[std::to_string(written) + " " + (canonical.empty() ? path : canonical)];
    auto model = slot.lock();
    if (!model)
        slot = model = load_model(path);
    last = model;
    return model;
}

} // namespace deblur
