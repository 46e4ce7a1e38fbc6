// deblur-train: trains a network on what the virtual high-speed camera renders.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include <unistd.h>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "network/registry.h"
#include "tools/tool_main.h"
#include "torch/network_file.h"
#include "training/gate_fit.h"
#include "training/scaling.h"
#include "training/trainer.h"
#include "training/training_log.h"
#include "training/validation.h"
#include "training/warm_start.h"

namespace {

using namespace deblur;

struct Arguments {
    std::string data, validation, output = "training", scenes = "usual";
    std::vector<std::string> start, restorers;
    std::vector<std::pair<double, std::string>> mean;
    std::string device = "cpu", precision = "bf16";
    NetworkConfig network;
    TrainOptions train;
    std::vector<std::string> stages;
    double minutes = 0;
    int threads = 1;
    int64_t synthetic_clips = 12, gate_clips = 0;
    double gate_gain = 0, gate_bias = 0;
    bool resume = false;
    bool scaling = false;
};

void declare(CLI::App &app, Arguments &a) {
    const auto data =
        app.add_option("--data", a.data, "folder with photo/, video/ and mask/ (sharp material)");
    app.add_flag("--scaling", a.scaling,
                 "train nothing; print how fast steps of 1, 2, 4 and 8 clips are in each precision")
        ->excludes(data);
    app.add_option("--validation", a.validation, "folder of NAME/blur and NAME/sharp sequences");
    app.add_option("--output", a.output, "folder for checkpoint, log and weights")
        ->capture_default_str();
    app.add_option("--start", a.start,
                   "weights to start from, also of another --window; of another --model, the tensors that both have. "
                   "May be repeated: the last one that has a tensor wins");
    app.add_option("--mean", a.mean,
                   "start from the mean of checkpoints of one model and --window, each with its share. "
                   "To be repeated; comes before any --start")
        ->type_name("SHARE WEIGHTS");
    app.add_option("--scenes", a.scenes, "what the virtual camera films: usual, local or people")
        ->check(CLI::IsMember(scene_names()))
        ->capture_default_str();
    app.add_flag("--resume", a.resume, "go on from the checkpoint in --output");
    app.add_option("--minutes", a.minutes, "stop after so many minutes (0: at the last step)");
    app.add_option("--model", a.network.architecture, "architecture")
        ->check(CLI::IsMember(architectures()) | CLI::IsMember(ablations()))
        ->capture_default_str();
    app.add_option("--window", a.network.window, "m, 0 to 3")->capture_default_str();
    app.add_option("--width", a.network.width,
                   "channels at the finest level, of human and brmr; 0: that of --start, or the architecture's own")
        ->check(CLI::Range(0, kMaxWidth))
        ->capture_default_str();
    app.add_option("--fit-gate", a.gate_clips,
                   "first fit a gate to what it starts from, on so many clips: what sharp pictures are left alone by. "
                   "0: that of --start, if it has one")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--gate-gain", a.gate_gain, "of corrections that are trusted; 0: that of --start, or 1")
        ->check(CLI::Range(0.0, 2.0));
    app.add_option("--gate-bias", a.gate_bias, "added to the gate: above 0 it trusts more, below 0 less")
        ->capture_default_str();
    app.add_option("--steps", a.train.rate.steps,
                   "length of the schedule; 0 measures and writes what it starts from")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--pretrain", a.train.pretrain,
                   "of these steps, how many teach only what is to be trained first: human's attention")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--only", a.train.only,
                   "learn nothing but the parameters whose names begin so, such as patch.generator of brmr, without the "
                   "adversary unless it is among them. May be repeated")
        ->type_name("NAME");
    app.add_option("--restorer", a.restorers,
                   "weights of a network whose pictures are refined: with brmr, and --only patch.generator. May be "
                   "repeated; they take turns, and the first one is validated")
        ->type_name("WEIGHTS");
    app.add_option("--batch", a.train.stages[0].batch, "clips per step")->capture_default_str();
    app.add_option("--uses", a.train.uses, "of each rendered clip, under random symmetries")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--frames", a.train.stages[0].frames, "frames per clip")->capture_default_str();
    app.add_option("--size", a.train.stages[0].size, "pixels per side")->capture_default_str();
    app.add_option("--stage", a.stages,
                   "BEGIN:FRAMES:BATCH:SIZE: other clips from a share of the steps on, such as "
                   "0.7:13:2:128; may be repeated");
    app.add_option("--truncate", a.train.truncate,
                   "frames through which gradients flow back; 0 for the whole clip")
        ->capture_default_str();
    app.add_option("--reset-chance", a.train.reset_chance,
                   "share of steps that drop the state before a random frame")
        ->capture_default_str();
    app.add_option("--soft", a.train.data.soft, "share of the clips that are filmed through a soft lens")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--seed", a.train.data.seed, "of data and parameters")->capture_default_str();
    app.add_option("--schedule", a.train.rate.kind, "of the learning rates")
        ->check(CLI::IsMember({"cosine", "exponential", "constant"}))
        ->capture_default_str();
    app.add_option("--warmup", a.train.rate.warmup, "steps over which the learning rates rise")
        ->capture_default_str();
    app.add_option("--decay", a.train.rate.decay, "of the exponential schedule, per --decay-steps")
        ->capture_default_str();
    app.add_option("--decay-steps", a.train.rate.decay_steps, "steps")->capture_default_str();
    app.add_option("--adam-rate", a.train.optimizer.adam_rate, "learning rate")
        ->capture_default_str();
    app.add_option("--muon-rate", a.train.optimizer.muon_rate,
                   "learning rate of inner convolutions")
        ->capture_default_str();
    app.add_option("--adversary-rate", a.train.adversary_rate,
                   "Adam's learning rate of an adversary, such as brmr's discriminators")
        ->capture_default_str();
    app.add_flag("!--no-muon", a.train.optimizer.muon, "Adam for every parameter");
    app.add_option("--weight-decay", a.train.optimizer.weight_decay, "lambda of Eq. 4")
        ->capture_default_str();
    app.add_option("--clip-norm", a.train.optimizer.clip_norm, "largest gradient norm")
        ->capture_default_str();
    app.add_option("--loss", a.train.loss.kind, "charbonnier, mse or l1")
        ->check(CLI::IsMember({"charbonnier", "mse", "l1"}))
        ->capture_default_str();
    app.add_option("--frequency-loss", a.train.loss.frequency, "weight of the spectral term")
        ->capture_default_str();
    app.add_option("--restraint", a.train.loss.restraint, "weight of corrections where nothing is blurred")
        ->capture_default_str();
    app.add_option("--steadiness", a.train.loss.steadiness, "weight of errors that change from frame to frame")
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

// Progress as a line that people watch, or as lines in a file.
class Progression {
  public:
    Progression(const Trainer &trainer, int64_t steps)
        : steps_(steps), begin_step_(trainer.progress().step),
          begin_seconds_(trainer.progress().seconds) {}

    void show(const TrainReport &report) const {
        const bool terminal = isatty(1);
        if (!terminal && report.step % 20 != 0)
            return;
        const double rate = static_cast<double>(report.step - begin_step_) / seconds(report);
        fmt::print("{}step {}/{}  loss {:.5f}  |g| {:.2f}  {:.2f} steps/s  {:.0f} min left{}{}",
                   terminal ? "\r" : "", report.step, steps_, report.loss, report.gradient_norm,
                   rate, static_cast<double>(steps_ - report.step) / rate / 60, validated_,
                   terminal ? "   " : "\n");
        std::fflush(stdout);
    }

    void show_validation(int64_t step, const std::string &figures, bool better) {
        validated_ = figures;
        fmt::print("\nstep {}:{}{}\n", step, figures, better ? "  best" : "");
        std::fflush(stdout);
    }

    double seconds(const TrainReport &report) const { return report.seconds - begin_seconds_; }

  private:
    int64_t steps_, begin_step_;
    double begin_seconds_;
    std::string validated_; // the last figures
};

// What --fit-gate, --gate-gain and --gate-bias say.
void prepare_gate(const Arguments &a, Network &network, const std::shared_ptr<const Sources> &sources) {
    auto gate = network.config().gate;
    if (a.gate_clips > 0) {
        auto options = a.train.data;
        options.frames = a.train.stages[0].frames;
        options.height = options.width = a.train.stages[0].size;
        gate.decision = fit_gate(network, Dataset(sources, options), a.gate_clips, [&](int64_t clips) {
            if (isatty(1) || clips % 20 == 0)
                fmt::print("gate: clip {} of {}{}", clips, a.gate_clips, isatty(1) && clips < a.gate_clips ? "\r" : "\n");
            std::fflush(stdout);
        });
    }
    network.set_gate(adjusted(gate, a.gate_gain, a.gate_bias));
}

int train(Arguments &a, const NetworkPtr &network) {
    const std::string checkpoint = a.output + "/checkpoint.safetensors";
    fmt::print("reading {} ...\n", a.data);
    const auto sources = std::make_shared<SourceLibrary>(a.data, Split::Training);
    fmt::print("{} pictures, {} cut-outs of which {} are people\n", sources->picture_count(), sources->cut_out_count(),
               sources->person_count());
    Trainer trainer(network, sources, a.train);
    prepare_gate(a, *network, sources);
    if (a.resume && std::filesystem::exists(checkpoint))
        trainer.resume(checkpoint);
    const auto sets = validation_sets(a.data, a.train.data.scenes, a.synthetic_clips, a.validation);
    std::vector<std::string> names;
    for (const auto &set : sets) {
        fmt::print("{}: the blurry input has {:.3f} dB\n", set.name, set.input);
        names.push_back(set.name);
    }
    TrainingLog log(a.output, names);

    const std::string best = a.output + "/best.safetensors";
    const int64_t steps = a.train.rate.steps;
    if (steps == 0) {
        fmt::print("as it starts:{}\n", validate(trainer, sets).text);
        trainer.export_weights(best, {});
        return 0;
    }
    Progression progression(trainer, steps);
    for (bool stop = trainer.progress().step >= steps; !stop;) {
        const auto report = trainer.step();
        progression.show(report);
        stop =
            report.step == steps || (a.minutes > 0 && progression.seconds(report) > 60 * a.minutes);
        if (report.step % a.train.validate_every != 0 && !stop) {
            log.add(report);
            continue;
        }
        const auto figures = validate(trainer, sets);
        log.add(report, figures.gains);
        log.draw();
        const bool better = figures.last > trainer.progress().best;
        if (better) {
            trainer.set_best(figures.last);
            trainer.export_weights(best, {{"steps", std::to_string(report.step)},
                                          {"seed", std::to_string(a.train.data.seed)}});
        }
        trainer.save(checkpoint);
        progression.show_validation(report.step, figures.text, better);
    }
    return 0;
}

int scaling(const Arguments &a) {
    ScalingOptions options;
    options.frames = a.train.stages[0].frames;
    options.size = a.train.stages[0].size;
    options.device = torch::Device(a.device);
    fmt::print(
        "{}, m = {}, clips of {} frames of {} x {}, {} thread{}\n{:<9} {:>5} {:>9} {:>9} {:>9} "
        "{:>13}\n",
        a.network.architecture, a.network.window, options.frames, options.size, options.size,
        a.threads, a.threads == 1 ? "" : "s", "precision", "batch", "steps/s", "clips/s", "GFLOP/s",
        "matrix share");
    measure_scaling(a.network, options, [](const StepTiming &timing) {
        fmt::print("{:<9} {:>5} {:>9.2f} {:>9.2f} {:>9.0f} {:>12.0f}%\n",
                   timing.precision == at::kFloat ? "fp32" : "bf16", timing.batch,
                   1 / timing.seconds, static_cast<double>(timing.batch) / timing.seconds,
                   timing.flops_per_second / 1e9, 100 * timing.matrix_share);
        std::fflush(stdout);
    });
    return 0;
}

using Start = std::pair<TensorMap, NetworkConfig>;

Start read_start(const std::string &path) {
    auto [config, parameters] = read_network_file(path);
    return {std::move(parameters), std::move(config)};
}

// What --mean and --start say, in the order in which they are taken.
std::vector<Start> read_starts(const Arguments &a) {
    std::vector<Start> starts;
    std::vector<MeanPart> parts;
    for (const auto &[share, path] : a.mean) {
        auto [tensors, config] = read_start(path);
        parts.push_back({share, std::move(tensors)});
        if (starts.empty())
            starts.emplace_back(TensorMap{}, config);
    }
    if (!parts.empty())
        starts[0].first = weighted_mean(parts);
    for (const auto &path : a.start)
        starts.push_back(read_start(path));
    return starts;
}

// As what is to be refined comes from: without regions that they refine themselves.
std::vector<NetworkPtr> load_restorers(const Arguments &a) {
    std::vector<NetworkPtr> networks;
    for (const auto &path : a.restorers) {
        const auto [tensors, config] = read_start(path);
        networks.push_back(make_network(config));
        load_parameters(*networks.back(), tensors);
        networks.back()->set_passes(0);
        networks.back()->to(a.train.data.device);
    }
    return networks;
}

int run(Arguments &a) {
    at::set_num_threads(a.threads);
    if (a.scaling)
        return scaling(a);
    if (a.data.empty())
        throw std::invalid_argument("give --data, a folder with photo/, video/ and mask/");
    std::filesystem::create_directories(a.output);
    a.train.precision = a.precision == "bf16" ? at::kBFloat16 : at::kFloat;
    a.train.data.device = torch::Device(a.device);
    for (const auto &stage : a.stages)
        a.train.stages.push_back(parse_stage(stage));
    at::manual_seed(a.train.data.seed);
    a.train.data.scenes = scenes_from(a.scenes);
    const auto starts = read_starts(a);
    for (const auto &[tensors, config] : starts) {
        if (config.architecture != a.network.architecture)
            continue;
        a.network.gate = config.gate;
        if (a.network.width == 0)
            a.network.width = config.width;
    }
    const auto network = make_network(a.network);
    for (const auto &[tensors, config] : starts)
        warm_start(*network, tensors, config);
    network->to(a.train.data.device);
    a.train.restorers = load_restorers(a);
    return train(a, network);
}

} // namespace

int main(int argc, char **argv) {
    return deblur::tool_main<Arguments>(
        argc, argv, "deblur-train",
        "Trains a deblurring network on what the virtual high-speed camera renders.", declare, run);
}
