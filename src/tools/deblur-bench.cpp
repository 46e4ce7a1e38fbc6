// deblur-bench: measures how fast networks step, and how many frames come through the library and through ffmpeg.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "benchmark/ffmpeg_rate.h"
#include "benchmark/measurement.h"
#include "benchmark/report.h"
#include "benchmark/throughput.h"
#include "network/parameters.h"
#include "network/registry.h"
#include "tools/tool_main.h"
#include "torch/network_file.h"

namespace {

using namespace deblur;

struct Arguments {
    std::vector<std::string> models = {"strcnn_dtb", "strcnn_dtb_fast"};
    std::vector<std::string> weights;
    int window = 1;
    std::vector<std::string> sizes = {"640x480", "1280x720"};
    std::vector<std::string> precisions = {"fp32", "bf16"};
    std::vector<int> threads = {1, 2};
    std::string device = "cpu";
    std::vector<int> streams;
    std::string ffmpeg;
    std::vector<std::string> memory = {"host"};
    int frames = 60;
    int steps = 5;
    bool compare = false;
    std::string json, check;
    double share = 0.7;
};

void declare(CLI::App &app, Arguments &a) {
    app.add_option("--models", a.models, "architectures, with random weights")
        ->check(CLI::IsMember(architectures()) | CLI::IsMember(ablations()))
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--weights", a.weights, "safetensors files, instead of --models");
    app.add_option("--window", a.window, "m of the --models")
        ->check(CLI::Range(0, kMaxWindow))
        ->capture_default_str();
    app.add_option("--sizes", a.sizes, "WIDTHxHEIGHT, several with commas")
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--precisions", a.precisions, "fp32, bf16, int8 (CPU), fp16 (GPU)")
        ->check(CLI::IsMember({"fp32", "bf16", "int8", "fp16"}))
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--device", a.device, "cpu or cuda")
        ->check(CLI::IsMember({"cpu", "cuda"}))
        ->capture_default_str();
    app.add_option("--streams", a.streams,
                   "measure the library instead, with these numbers of contexts at a time, NV12 from and "
                   "into host memory and the shipped weights of --models")
        ->check(CLI::PositiveNumber)
        ->delimiter(',');
    app.add_option("--ffmpeg", a.ffmpeg,
                   "measure this ffmpeg, which has the filter, instead: from frames in memory to "
                   "the null muxer, with "
                   "the shipped weights of --models")
        ->excludes("--streams");
    app.add_option("--memory", a.memory,
                   "of the frames in --ffmpeg: host, cuda (with --device cuda)")
        ->check(CLI::IsMember({"host", "cuda"}))
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--frames", a.frames, "of each of the --streams, or through --ffmpeg")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--threads", a.threads, "numbers of threads, on the CPU")
        ->check(CLI::PositiveNumber)
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--steps", a.steps, "to measure in each case")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_flag("--compare", a.compare,
                 "also run each network plainly (fp32, eager, NCHW), in turn, for the speedup");
    app.add_option("--json", a.json, "write the figures to this file");
    app.add_option("--check", a.check,
                   "fail if a ratio falls behind the one in this file, from --json");
    app.add_option("--share", a.share, "of a ratio in --check that must be reached")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
}

std::pair<int, int> parse_size(const std::string &text) {
    int width = 0, height = 0;
    const char *const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, width);
    const bool is_pair = first.ptr != end && *first.ptr == 'x';
    if (!is_pair || std::from_chars(first.ptr + 1, end, height).ptr != end || width < 1 || height < 1)
        throw std::invalid_argument("size '" + text + "' is not WIDTHxHEIGHT");
    return {width, height};
}

std::vector<std::pair<std::string, NetworkPtr>> networks(const Arguments &a) {
    std::vector<std::pair<std::string, NetworkPtr>> result;
    for (const auto &path : a.weights) {
        const auto network = network_of(read_network_file(path));
        result.emplace_back(network->config().architecture, network);
    }
    if (a.weights.empty())
        for (const auto &model : a.models)
            result.emplace_back(model, make_network({model, a.window, true}));
    return result;
}

std::unique_ptr<BenchmarkDevice> make_device(const Arguments &a, int threads) {
#ifdef DEBLUR_HAS_CPU
    if (a.device == "cpu")
        return make_cpu_device(threads);
#endif
#ifdef DEBLUR_HAS_CUDA
    if (a.device == "cuda")
        return make_cuda_device();
#endif
    throw std::runtime_error("this build has nothing for the device '" + a.device +
                             fmt::format("' (and {} threads)", threads));
}

void write(const std::string &path, const std::string &text) {
    std::ofstream file(path);
    if (!(file << text) || !file.flush())
        throw std::runtime_error("'" + path + "' cannot be written");
}

void show(const std::string &line) {
    fmt::print("{}", line);
    std::fflush(stdout);
}

// A table, shown and written row by row: what is measured before a failure is there.
template <class Entry> class Table {
  public:
    using Line = std::string (*)(const Entry &);

    Table(std::string json, const std::string &header, Line line) : json_(std::move(json)), line_(line) {
        show(header);
    }
    void add(Entry row) {
        rows_.push_back(std::move(row));
        show(line_(rows_.back()));
        if (!json_.empty())
            write(json_, json_rows(rows_));
    }
    const std::vector<Entry> &rows() const { return rows_; }

  private:
    std::string json_;
    Line line_;
    std::vector<Entry> rows_;
};

// Calls body with every model, width, height, precision and number of threads.
template <class Body> void for_each_shipped(const Arguments &a, const Body &body) {
    for (const auto &model : a.models)
        for (const auto &size : a.sizes)
            for (const auto &precision : a.precisions)
                for (const int threads : a.threads) {
                    const auto [width, height] = parse_size(size);
                    body(model, width, height, precision, threads);
                }
}

int run_streams(const Arguments &a) {
    Table<StreamsRow> table(a.json, streams_header(), streams_line);
    for_each_shipped(a, [&](const auto &model, int width, int height, const auto &precision,
                            int threads) {
        for (const int streams : a.streams) {
            const ThroughputCase what{model, width, height, a.device, precision, streams, threads};
            table.add({what, measure_throughput(what, a.frames)});
        }
    });
    return 0;
}

int run_ffmpeg(const Arguments &a) {
    Table<FfmpegRow> table(a.json, ffmpeg_header(), ffmpeg_line);
    for_each_shipped(
        a, [&](const auto &model, int width, int height, const auto &precision, int threads) {
            for (const auto &memory : a.memory) {
                const FfmpegCase what{a.ffmpeg, model,     width,  height,
                                      a.device, precision, memory, threads};
                table.add({what, measure_ffmpeg(what, a.frames)});
            }
        });
    return 0;
}

int run(Arguments &a) {
    if (a.device == "cuda")
        a.threads = {0};
    if (!a.streams.empty())
        return run_streams(a);
    if (!a.ffmpeg.empty())
        return run_ffmpeg(a);
    Table<Row> table(a.json, table_header(), table_line);
    for (const auto &[model, network] : networks(a))
        for (const auto &size : a.sizes)
            for (const auto &precision : a.precisions)
                for (const int threads : a.threads) {
                    const auto [width, height] = parse_size(size);
                    const Case what{model, network, width, height, precision, threads};
                    const auto device = make_device(a, threads);
                    table.add({what, measure(*device, what, a.steps, a.compare)});
                }
    if (a.check.empty())
        return 0;
    const auto behind = fallen_behind(table.rows(), a.check, a.share);
    for (const auto &line : behind)
        fmt::print(stderr, "{}\n", line);
    return behind.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
    return deblur::tool_main<Arguments>(argc, argv, "deblur-bench",
                                        "Measures how fast deblurring networks are.",
                                        declare, run);
}
