// SPDX-License-Identifier: LGPL-2.1-or-later
#include "benchmark/report.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace deblur {

namespace {

using nlohmann::json;

constexpr const char *kKeys[] = {"model", "m", "width", "height", "precision", "threads"};

json as_json(const Row &row) {
    const auto &[what, result] = row;
    json object = {{"model", what.model},
                   {"m", what.network->config().window},
                   {"width", what.width},
                   {"height", what.height},
                   {"precision", what.precision},
                   {"threads", what.threads},
                  {"device", what.threads == 0 ? "cuda" : "cpu"},
                   {"milliseconds", result.seconds * 1e3},
                   {"frames_per_second", 1 / result.seconds},
                   {"gflops", result.flops * 1e-9},
                   {"peak_gflops", result.peak_flops * 1e-9},
                   {"peak_share", result.peak_share()},
                   {"map_megabytes", result.map_bytes * 1e-6},
                   {"peak_memory_megabytes", result.peak_memory * 1e-6}};
    if (result.speedup)
        object["speedup"] = *result.speedup;
    return object;
}

// What cases of the library and of ffmpeg have in common.
template <class Case> json shared_json(const Case &what) {
    return {{"model", what.model},         {"width", what.width},   {"height", what.height}, {"device", what.device},
            {"precision", what.precision}, {"threads", what.threads}};
}

} // namespace

std::string table_header() {
    return fmt::format("{:<18} {:>1} {:>9} {:>5} {:>7} {:>8} {:>6} {:>8} {:>6} {:>7} {:>8} {:>8}\n",
                       "model", "m", "size", "type", "threads", "ms", "fps", "GFLOP/s", "peak",
                       "maps MB", "peak MB", "speedup");
}

std::string table_line(const Row &row) {
    const auto &[what, result] = row;
    return fmt::format(
        "{:<18} {:>1} {:>9} {:>5} {:>7} {:>8.1f} {:>6.2f} {:>8.1f} {:>5.0f}% {:>7.0f} {:>8.0f} "
        "{:>8}\n",
        what.model, what.network->config().window, fmt::format("{}x{}", what.width, what.height),
        what.precision, what.threads, result.seconds * 1e3, 1 / result.seconds, result.flops * 1e-9,
        100 * result.peak_share(), result.map_bytes * 1e-6, result.peak_memory * 1e-6,
        result.speedup ? fmt::format("{:.2f}x", *result.speedup) : "");
}

std::string json_rows(const std::vector<Row> &rows) {
    json array = json::array();
    for (const auto &row : rows)
        array.push_back(as_json(row));
    return array.dump(2) + "\n";
}

std::string streams_header() {
    return fmt::format("{:<18} {:>9} {:>6} {:>5} {:>7} {:>7} {:>9}\n", "model", "size", "device", "type",
                       "threads", "streams", "frames/s");
}

std::string streams_line(const StreamsRow &row) {
    const auto &what = row.what;
    return fmt::format("{:<18} {:>9} {:>6} {:>5} {:>7} {:>7} {:>9.2f}\n", what.model,
                       fmt::format("{}x{}", what.width, what.height), what.device, what.precision,
                       what.threads, what.streams, row.frames_per_second);
}

std::string json_rows(const std::vector<StreamsRow> &rows) {
    json array = json::array();
    for (const auto &[what, rate] : rows) {
        array.push_back(shared_json(what));
        array.back().update({{"streams", what.streams}, {"frames_per_second", rate}});
    }
    return array.dump(2) + "\n";
}

std::string ffmpeg_header() {
    return fmt::format("{:<18} {:>9} {:>6} {:>6} {:>5} {:>7} {:>9}\n", "model", "size", "device",
                       "frames", "type", "threads", "frames/s");
}

std::string ffmpeg_line(const FfmpegRow &row) {
    const auto &what = row.what;
    return fmt::format("{:<18} {:>9} {:>6} {:>6} {:>5} {:>7} {:>9.2f}\n", what.model,
                       fmt::format("{}x{}", what.width, what.height), what.device, what.memory,
                       what.precision, what.threads, row.frames_per_second);
}

std::string json_rows(const std::vector<FfmpegRow> &rows) {
    json array = json::array();
    for (const auto &[what, rate] : rows) {
        array.push_back(shared_json(what));
        array.back().update({{"memory", what.memory}, {"frames_per_second", rate}});
    }
    return array.dump(2) + "\n";
}

std::vector<std::string> fallen_behind(const std::vector<Row> &rows, const std::string &path,
                                       double share) {
    std::ifstream file(path);
    const json recorded = json::parse(file, nullptr, false);
    if (!recorded.is_array())
        throw std::runtime_error("'" + path + "' is not a file of measurements");
    std::vector<std::string> lines;
    for (const auto &row : rows) {
        const json now = as_json(row);
        for (const auto &then : recorded) {
            const auto differs = [&](const char *key) {
                return now[key] != then.value(key, json());
            };
            if (std::any_of(std::begin(kKeys), std::end(kKeys), differs))
                continue;
            for (const char *ratio : {"peak_share", "speedup"})
                if (now.contains(ratio) && then.contains(ratio) &&
                    now[ratio] < share * then[ratio].get<double>())
                    lines.push_back(fmt::format(
                        "{} of {} {}x{} {} with {} threads: {:.2f}, was {:.2f}", ratio,
                        row.what.model, row.what.width, row.what.height, row.what.precision,
                        row.what.threads, now[ratio].get<double>(), then[ratio].get<double>()));
        }
    }
    return lines;
}

} // namespace deblur
