// deblur-train: trains a network on what the virtual high-speed camera renders.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "network/registry.h"
#include "tools/tool_main.h"
#include "training/trainer.h"
#include "weights/safetensors.h"

namespace {

using namespace deblur;

struct Arguments {
    std::string data, validation, output = "training", start;
    std::string device = "cpu", precision = "bf16";
    NetworkConfig network;
    TrainOptions train;
    double minutes = 0;
    int threads = 1;
    int64_t size = 128;
    int64_t synthetic_clips = 12;
    bool resume = false;
};

void declare(CLI::App &app, Arguments &a) {
    app.add_option("--data", a.data, "folder with photo/, video/ and mask/ (sharp material)")
        ->required();
    app.add_option("--validation", a.validation, "folder of NAME/blur and NAME/sharp sequences");
    app.add_option("--output", a.output, "folder for checkpoint, log and weights")
        ->capture_default_str();
    app.add_option("--start", a.start, "weights to start from");
    app.add_flag("--resume", a.resume, "go on from the checkpoint in --output");
    app.add_option("--minutes", a.minutes, "stop after so many minutes (0: at the last step)");
    app.add_option("--model", a.network.architecture, "architecture")
        ->check(CLI::IsMember(architectures()))
        ->capture_default_str();
    app.add_option("--window", a.network.window, "m, 0 to 3")->capture_default_str();
    app.add_option("--steps", a.train.steps, "length of the schedule")->capture_default_str();
    app.add_option("--batch", a.train.batch, "clips per step")->capture_default_str();
    app.add_option("--frames", a.train.data.frames, "frames per clip")->capture_default_str();
    app.add_option("--size", a.size, "pixels per side")->capture_default_str();
    app.add_option("--seed", a.train.data.seed, "of data and parameters")->capture_default_str();
    app.add_option("--warmup", a.train.warmup, "steps over which the learning rates rise")
        ->capture_default_str();
    app.add_option("--adam-rate", a.train.optimizer.adam_rate, "learning rate")
        ->capture_default_str();
    app.add_option("--muon-rate", a.train.optimizer.muon_rate,
                   "learning rate of inner convolutions")
        ->capture_default_str();
    app.add_flag("!--no-muon", a.train.optimizer.muon, "Adam for every parameter");
    app.add_option("--weight-decay", a.train.optimizer.weight_decay, "lambda of Eq. 4")
        ->capture_default_str();
    app.add_option("--clip-norm", a.train.optimizer.clip_norm, "largest gradient norm")
        ->capture_default_str();
    app.add_option("--loss", a.train.loss.kind, "charbonnier or mse")
        ->check(CLI::IsMember({"charbonnier", "mse"}))
        ->capture_default_str();
    app.add_option("--frequency-loss", a.train.loss.frequency, "weight of the spectral term")
        ->capture_default_str();
    app.add_option("--average", a.train.average_decay, "decay of the parameters' average")
        ->capture_default_str();
    app.add_option("--validate-every", a.train.validate_every, "steps")->capture_default_str();
    app.add_option("--synthetic-clips", a.synthetic_clips,
                   "held-out synthetic clips to validate on")
        ->capture_default_str();
    app.add_option("--device", a.device, "cpu, cuda or cuda:N")->capture_default_str();
    app.add_option("--precision", a.precision, "of activations: bf16 or fp32")
        ->check(CLI::IsMember({"bf16", "fp32"}))
        ->capture_default_str();
    app.add_option("--threads", a.threads, "CPU threads")->capture_default_str();
}

void print(const TrainReport &report, int64_t steps, double begin_seconds, int64_t begin_step) {
    const double rate = (report.step - begin_step) / (report.seconds - begin_seconds);
    fmt::print("{}step {}/{}  loss {:.5f}  |g| {:.2f}  {:.2f} steps/s  {:.0f} min left{}",
               isatty(1) ? "\r" : "", report.step, steps, report.loss, report.gradient_norm, rate,
               (steps - report.step) / rate / 60, isatty(1) ? "   " : "\n");
    std::fflush(stdout);
}

int run(Arguments &a) {
    at::set_num_threads(a.threads);
    std::filesystem::create_directories(a.output);
    const std::string checkpoint = a.output + "/checkpoint.safetensors";
    const std::string weights = a.output + "/best.safetensors";

    a.train.precision = a.precision == "bf16" ? at::kBFloat16 : at::kFloat;
    a.train.data.device = torch::Device(a.device);
    a.train.data.height = a.train.data.width = a.size;
    at::manual_seed(a.train.data.seed);
    const auto network = make_network(a.network);
    if (!a.start.empty())
        load_parameters(*network, read_safetensors(a.start).tensors);
    network->to(a.train.data.device);

    fmt::print("reading {} ...\n", a.data);
    const auto sources = std::make_shared<SourceLibrary>(a.data, Split::Training);
    fmt::print("{} pictures, {} cut-outs\n", sources->picture_count(), sources->cut_out_count());
    Trainer trainer(network, sources, a.train);
    if (a.resume && std::filesystem::exists(checkpoint))
        trainer.resume(checkpoint);

    std::vector<std::pair<std::string, std::vector<SequencePair>>> sets;
    auto held_out = a.train.data;
    held_out.seed = 20170;
    held_out.frames = 7;
    held_out.height = held_out.width = 192;
    held_out.device = torch::kCPU;
    sets.emplace_back(
        "synthetic",
        synthetic_sequences(
            Dataset(std::make_shared<SourceLibrary>(a.data, Split::Validation), held_out),
            a.synthetic_clips));
    if (!a.validation.empty())
        sets.emplace_back("real", read_sequences(a.validation));

    std::ofstream log(a.output + "/log.csv", std::ios::app);
    std::vector<double> input;
    for (const auto &[name, sequences] : sets) {
        input.push_back(blurry_psnr(sequences));
        fmt::print("{}: the blurry input has {:.3f} dB\n", name, input.back());
    }

    const double begin_seconds = trainer.progress().seconds;
    const int64_t begin_step = trainer.progress().step;
    while (trainer.progress().step < a.train.steps) {
        auto report = trainer.step();
        const bool stop = (a.minutes > 0 && report.seconds - begin_seconds > 60 * a.minutes) ||
                          report.step == a.train.steps;
        if (isatty(1) || report.step % 20 == 0)
            print(report, a.train.steps, begin_seconds, begin_step);
        std::string figures;
        if (report.step % a.train.validate_every == 0 || stop) {
            std::string text;
            double last = 0;
            for (size_t i = 0; i < sets.size(); ++i) {
                last = trainer.validate(sets[i].second);
                text +=
                    fmt::format("  {} {:.3f} dB ({:+.3f})", sets[i].first, last, last - input[i]);
                figures += fmt::format(",{:.4f}", last - input[i]);
            }
            const bool better = last > trainer.progress().best;
            if (better) {
                trainer.set_best(last);
                trainer.export_weights(weights, {{"steps", std::to_string(report.step)},
                                                 {"seed", std::to_string(a.train.data.seed)}});
            }
            trainer.save(checkpoint);
            fmt::print("\nstep {}:{}{}\n", report.step, text, better ? "  best" : "");
        }
        log << fmt::format("{},{:.1f},{:.6f},{:.4f},{:.5f}{}\n", report.step, report.seconds,
                           report.loss, report.gradient_norm, report.rate_factor, figures)
            << std::flush;
        if (stop)
            break;
    }
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    return deblur::tool_main<Arguments>(
        argc, argv, "deblur-train",
        "Trains a deblurring network on what the virtual high-speed camera renders.", declare, run);
}
