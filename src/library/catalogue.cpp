// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/catalogue.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "library/location.h"

namespace deblur {

const Catalogue &Catalogue::instance() {
    static std::mutex mutex;
    static std::map<std::string, const Catalogue> catalogues;

    const std::string directory = locate("DEBLUR_MODELS", DEBLUR_MODELS_FROM_LIBRARY);
    const std::lock_guard lock(mutex);
    const auto found = catalogues.find(directory);
    if (found != catalogues.end())
        return found->second;
    return catalogues.emplace(directory, Catalogue(directory)).first->second;
}

Catalogue::Catalogue(const std::string &directory) : directory_(directory) {
    const std::string path = directory + "/index.json";
    std::ifstream stream(path);
    if (!stream)
        throw Error(DEBLUR_BAD_WEIGHTS, "model list '" + path + "': " + std::strerror(errno) +
                                            "; DEBLUR_MODELS sets the directory");
    try {
        const auto index = nlohmann::json::parse(stream);
        default_ = index.at("default").get<std::string>();
        for (const auto &model : index.at("models"))
            entries_.push_back({model.at("name").get<std::string>(), model.at("window").get<int>(),
                                directory + "/" + model.at("file").get<std::string>(),
                                model.at("description").get<std::string>(), false});
    } catch (const nlohmann::json::exception &error) {
        throw Error(DEBLUR_BAD_WEIGHTS, "model list '" + path + "': " + error.what());
    }
    const auto preferred = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const Entry &entry) { return entry.name == default_; });
    if (preferred != entries_.end())
        preferred->is_default = true;
}

const Catalogue::Entry &Catalogue::find(const char *name, int window) const {
    const bool is_open = !name || std::strcmp(name, "auto") == 0;
    const std::string wanted = is_open ? default_ : canonical_model_name(name);
    const auto fits = [window](const Entry &entry) { return window < 0 || entry.window == window; };
    std::string shipped;
    for (const auto &entry : entries_) {
        if (entry.name == wanted && fits(entry))
            return entry;
        shipped += (shipped.empty() ? "" : ", ") + entry.name +
                   " with m = " + std::to_string(entry.window);
    }
    // Who leaves the choice open is better served by another model than by none.
    const auto other = std::find_if(entries_.begin(), entries_.end(), fits);
    if (is_open && other != entries_.end())
        return *other;
    throw Error(DEBLUR_INVALID_ARGUMENT,
                "model '" + wanted + "'" +
                    (window < 0 ? "" : " with window m = " + std::to_string(window)) +
                    " is not in " + directory_ +
                    ", shipped are: " + (shipped.empty() ? "none" : shipped));
}

std::string canonical_model_name(std::string name) {
    std::replace(name.begin(), name.end(), '+', '_');
    return name;
}

} // namespace deblur
