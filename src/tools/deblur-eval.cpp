// deblur-eval: measures networks against sharp truth, with the blurry input as the first row.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include <ATen/Parallel.h>
#include <fmt/ranges.h>

#include "network/parameters.h"
#include "network/registry.h"
#include "tools/tool_main.h"
#include "torch/network_file.h"
#include "training/evaluation.h"
#include "training/gate_fit.h"
#include "training/report.h"

namespace {

using namespace deblur;

struct Arguments {
    std::string data, blurry, sharp, synthetic, scenes = "usual";
    std::vector<int64_t> taus{7, 9, 11, 13, 15};
    int64_t clips = 10;
    DatasetOptions dataset;
    std::vector<std::string> weights;
    bool gate = true;
    double gate_gain = 0, gate_bias = 0;
    std::string json, html;
    std::string device = "cpu", precision = "fp32";
    int threads = 0, passes = kDefaultPasses, refine = 0;
    std::string refiner;
    bool list = false;
    EvaluationOptions evaluation;
};

void declare(CLI::App &app, Arguments &a) {
    app.add_option("--data", a.data,
                   "folder of sequences: NAME/blur and NAME/sharp (or NAME/input and NAME/GT)");
    app.add_option("--blurry", a.blurry, "a video or a folder of pictures, instead of --data");
    app.add_option("--sharp", a.sharp, "its sharp truth");
    app.add_option(
        "--synthetic", a.synthetic,
        "instead of --data: folder with photo/, video/ and mask/, whose held-out part the "
        "virtual camera films");
    app.add_option("--scenes", a.scenes,
                   "that it films: usual, local or people; figures inside and outside are those of the blur, or of the "
                   "people, and IoU is how well a network's map agrees")
        ->check(CLI::IsMember(scene_names()))
        ->capture_default_str();
    app.add_option("--tau", a.taus, "sub-frames per exposure of Eq. 1, a group of clips each")
        ->check(CLI::Range(1, 15))
        ->capture_default_str();
    app.add_option("--clips", a.clips, "synthetic clips for each tau")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    a.dataset.soft = 0; // figures are those of sharp lenses
    app.add_option("--soft", a.dataset.soft, "share of the synthetic clips that are filmed through a soft lens")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--seed", a.dataset.seed, "of the synthetic clips")->capture_default_str();
    app.add_option("--weights", a.weights, "safetensors files, one row each");
    app.add_option("--frames", a.evaluation.max_frames, "of each sequence at most; 0 for all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--gate-gain", a.gate_gain, "of corrections that are trusted, instead of what the weights say")
        ->check(CLI::Range(0.01, 2.0));
    app.add_option("--gate-bias", a.gate_bias, "above 0 the weights' gate trusts more, below 0 less; see docs/training.md")
        ->capture_default_str();
    app.add_flag("!--no-gate", a.gate, "trust everything");
    app.add_option("--passes", a.passes, "regions of a frame that brmr refines at most; 0 for its iGAN alone")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    auto *refiner = app.add_option("--refiner", a.refiner, "weights of a brmr for --refine");
    app.add_option("--refine", a.refine, "regions of each network's frames that it refines at most")
        ->check(CLI::NonNegativeNumber)
        ->needs(refiner);
    app.add_flag("--sharp-input", a.evaluation.sharp_input,
                 "also restore the sharp clips: PSNR of the output against them");
    app.add_flag("!--no-temporal", a.evaluation.temporal, "skip warping error and tOF");
    app.add_option("--json", a.json, "write the figures to this file");
    app.add_option("--html", a.html, "write a page with plots and details to this file");
    app.add_option("--device", a.device, "cpu, cuda or cuda:N")->capture_default_str();
    app.add_option("--precision", a.precision, "of activations: fp32 or bf16")
        ->check(CLI::IsMember({"fp32", "bf16"}))
        ->capture_default_str();
    app.add_option("--threads", a.threads, "CPU threads; 0 for one per core")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_flag("--list", a.list, "list the architectures and stop");
}

NetworkPtr load_network(const std::string &path, const Arguments &a) {
    auto stored = read_network_file(path);
    if (!a.gate)
        stored.config.gate = {};
    stored.config.gate = adjusted(stored.config.gate, a.gate_gain, a.gate_bias);
    auto network = network_of(stored);
    network->to(torch::Device(a.device));
    network->set_passes(a.passes);
    network->set_compute_type(a.precision == "bf16" ? at::kBFloat16 : at::kFloat);
    return network;
}

std::vector<Contestant> load_contestants(const Arguments &a) {
    std::optional<RefinementStage> refinement;
    if (a.refine > 0)
        refinement.emplace(load_network(a.refiner, a), a.refine);
    std::vector<Contestant> contestants{{"blurry input", nullptr}};
    for (const auto &path : a.weights)
        contestants.push_back(
            {std::filesystem::path(path).replace_extension().string(), load_network(path, a), refinement});
    return contestants;
}

// The same scenes and paths for every tau; only the exposure differs.
std::vector<SequenceSource> synthetic(const Arguments &a) {
    const auto library = std::make_shared<SourceLibrary>(a.synthetic, Split::Validation);
    auto options = a.dataset;
    options.frames = a.evaluation.max_frames > 0 ? a.evaluation.max_frames : 8;
    options.height = 192;
    options.width = 256;
    options.compressed = 0;
    options.scenes = scenes_from(a.scenes);
    std::vector<SequenceSource> sources;
    for (const int64_t tau : a.taus) {
        options.tau = tau;
        for (int64_t i = 0; i < a.clips; ++i)
            sources.push_back(synthetic_source(Dataset(library, options), static_cast<uint64_t>(i),
                                               fmt::format("tau {} clip {}", tau, i),
                                               fmt::format("tau = {}", tau)));
    }
    return sources;
}

std::vector<SequenceSource> sequences(const Arguments &a) {
    const int ways =
        !a.data.empty() + !a.synthetic.empty() + (!a.blurry.empty() || !a.sharp.empty());
    if (ways != 1 || a.blurry.empty() != a.sharp.empty())
        throw std::invalid_argument("give --data, or --synthetic, or --blurry and --sharp");
    if (!a.synthetic.empty())
        return synthetic(a);
    if (a.data.empty())
        return {
            file_source({std::filesystem::path(a.blurry).filename().string(), a.blurry, a.sharp})};
    std::vector<SequenceSource> sources;
    for (const auto &files : list_sequences(a.data))
        sources.push_back(file_source(files));
    return sources;
}

void write(const std::string &path, const std::string &text) {
    std::ofstream file(path, std::ios::binary);
    if (!(file << text) || !file.flush())
        throw std::runtime_error("'" + path + "' cannot be written");
}

int run(const Arguments &a) {
    if (a.list) {
        for (const auto &name : architectures())
            fmt::print("{}\n", name);
        fmt::print("and to compare: {}\n", fmt::join(ablations(), ", "));
        return 0;
    }
    at::set_num_threads(a.threads > 0 ? a.threads
                                      : static_cast<int>(std::thread::hardware_concurrency()));
    const auto sources = sequences(a);
    const auto contestants = load_contestants(a);

    const bool terminal = isatty(STDERR_FILENO);
    const auto progress = [&](size_t sequence, int64_t frames) {
        if (terminal || frames == 1)
            fmt::print(stderr, "{}sequence {} of {}, {}: frame {}{}", terminal ? "\r\033[K" : "",
                       sequence + 1, sources.size(), sources[sequence].name, frames,
                       terminal ? "" : " ...\n");
    };
    const auto evaluation = evaluate(sources, contestants, a.evaluation, progress);
    fmt::print(stderr, "{}", terminal ? "\r\033[K" : "");
    fmt::print("{}", text_report(evaluation));
    if (!a.json.empty())
        write(a.json, json_report(evaluation));
    if (!a.html.empty())
        write(a.html, html_report(evaluation));
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    return deblur::tool_main<Arguments>(argc, argv, "deblur-eval",
                                        "Measures deblurring networks against sharp truth.",
                                        declare, run);
}
