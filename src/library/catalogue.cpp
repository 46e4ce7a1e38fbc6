// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/catalogue.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/in_quotes.h"
#include "base/regular_file.h"
#include "library/location.h"

namespace deblur {

namespace {

using nlohmann::json;

constexpr uint64_t kMaxIndex = 1 << 20; // bytes
constexpr int kMaxDepth = 8, kMaxWindow = 3;

[[noreturn]] void fail(const std::string &directory, const std::string &cause) {
    throw Error(DEBLUR_BAD_WEIGHTS, "model list '" + directory + "/index.json': " + cause +
                                        "; DEBLUR_MODELS sets the directory");
}

std::string read_index(const std::string &directory) {
    try {
        return read_text(directory + "/index.json", kMaxIndex);
    } catch (const FileError &error) {
        fail(directory, error.what());
    }
}

bool bounded_depth(int depth, json::parse_event_t, const json &) {
    if (depth > kMaxDepth)
        throw std::invalid_argument("nested more than " + std::to_string(kMaxDepth) + " deep");
    return true;
}

int window_of(const json &model) {
    const auto &window = model.at("window");
    if (!window.is_number_unsigned() || window.get<uint64_t>() > kMaxWindow)
        throw std::invalid_argument("window must be 0 to " + std::to_string(kMaxWindow));
    return window.get<int>();
}

std::string checksum_of(const json &model) {
    constexpr size_t kDigits = 64;
    const std::string text = model.value("sha256", "");
    if (!text.empty() &&
        (text.size() != kDigits || text.find_first_not_of("0123456789abcdef") != std::string::npos))
        throw std::invalid_argument("sha256 must be 64 hexadecimal digits (got " + in_quotes(text) +
                                    ")");
    return text;
}

// A path from the index's own folder, which it does not leave.
std::string file_of(const json &model) {
    const std::filesystem::path file = model.at("file").get<std::string>();
    if (file.empty() || file.is_absolute() ||
        std::find(file.begin(), file.end(), std::filesystem::path("..")) != file.end())
        throw std::invalid_argument("file must be a path below the list's folder (got " +
                                    in_quotes(file.native()) + ")");
    return file.native();
}

} // namespace

const Catalogue &Catalogue::instance() {
    static std::mutex mutex;
    static std::map<std::string, const Catalogue> catalogues;

    const std::string directory = locate("DEBLUR_MODELS", DEBLUR_MODELS_FROM_LIBRARY);
    const std::lock_guard lock(mutex);
    const auto found = catalogues.find(directory);
    if (found != catalogues.end())
        return found->second;
    return catalogues.emplace(directory, Catalogue(read_index(directory), directory)).first->second;
}

Catalogue::Catalogue(const std::string &text, const std::string &directory)
    : directory_(directory) {
    try {
        const auto index = json::parse(text, bounded_depth);
        default_ = index.at("default").get<std::string>();
        for (const auto &model : index.at("models"))
            entries_.push_back({model.at("name").get<std::string>(), window_of(model),
                                directory + "/" + file_of(model),
                                model.at("description").get<std::string>(), checksum_of(model),
                                false});
    } catch (const std::invalid_argument &error) {
        fail(directory, error.what());
    } catch (const json::exception &error) {
        fail(directory, error.what());
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
                "model " + in_quotes(wanted) +
                    (window < 0 ? "" : " with window m = " + std::to_string(window)) +
                    " is not in " + directory_ +
                    ", shipped are: " + (shipped.empty() ? "none" : shipped));
}

std::string canonical_model_name(std::string name) {
    std::replace(name.begin(), name.end(), '+', '_');
    return name;
}

} // namespace deblur
