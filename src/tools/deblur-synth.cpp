// deblur-synth: blurry clips and their sharp truth, filmed with the virtual high-speed camera.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <thread>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "media/video_writer.h"
#include "tools/tool_main.h"
#include "training/dataset.h"
#include "training/dead_leaves.h"

namespace {

using namespace deblur;

struct Arguments {
    std::string output = "synthetic", data, split = "validation";
    int64_t count = 1;
    double frame_rate = 25;
    int threads = 0;
    DatasetOptions dataset;
};

void declare(CLI::App &app, Arguments &a) {
    app.add_option("--output", a.output, "folder; clip I becomes I/blurry.mkv and I/sharp.mkv")
        ->capture_default_str();
    app.add_option(
        "--data", a.data,
        "folder with photo/, video/ and mask/ (sharp material); without, scenes are drawn");
    app.add_option("--split", a.split, "of the material: training or validation")
        ->check(CLI::IsMember({"training", "validation"}))
        ->capture_default_str();
    app.add_option("--count", a.count, "clips")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--frames", a.dataset.frames, "frames per clip")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--width", a.dataset.width, "pixels")
        ->check(CLI::Range(16, 4096))
        ->capture_default_str();
    app.add_option("--height", a.dataset.height, "pixels")
        ->check(CLI::Range(16, 4096))
        ->capture_default_str();
    app.add_option("--speed", a.dataset.speed,
                   "pixels per exposure; without, as drawn for training")
        ->check(CLI::Range(0.0, 100.0));
    app.add_option("--frame-rate", a.frame_rate, "frames per second")->capture_default_str();
    app.add_option("--seed", a.dataset.seed, "the same seed, the same clips")
        ->capture_default_str();
    app.add_option("--threads", a.threads, "CPU threads; 0 for one per core")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

// Lossless: the truth must be exact.
void write_clip(const std::string &path, const torch::Tensor &frames, double frame_rate) {
    VideoWriterOptions options;
    options.frame_rate = frame_rate;
    VideoWriter writer(path, static_cast<int>(frames.size(3)), static_cast<int>(frames.size(2)),
                       options);
    for (const auto &frame : frames.unbind(0))
        writer.write(frame.mul(255).round().to(at::kByte).permute({1, 2, 0}).contiguous());
    writer.finish();
}

int run(const Arguments &a) {
    at::set_num_threads(a.threads > 0 ? a.threads
                                      : static_cast<int>(std::thread::hardware_concurrency()));
    std::shared_ptr<const Sources> sources;
    if (a.data.empty())
        sources = std::make_shared<DeadLeaves>();
    else
        sources = std::make_shared<SourceLibrary>(
            a.data, a.split == "training" ? Split::Training : Split::Validation);
    const Dataset dataset(sources, a.dataset);
    for (int64_t i = 0; i < a.count; ++i) {
        const auto clip = dataset.clip(static_cast<uint64_t>(i));
        const auto folder = a.output + "/" + std::to_string(i);
        std::filesystem::create_directories(folder);
        write_clip(folder + "/blurry.mkv", clip.blurry, a.frame_rate);
        write_clip(folder + "/sharp.mkv", clip.sharp, a.frame_rate);
        fmt::print("{}: {} frames, motion {:.1f} pixels per exposure on average\n", folder,
                   a.dataset.frames, clip.motion.mean().item<double>());
    }
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    return deblur::tool_main<Arguments>(
        argc, argv, "deblur-synth",
        "Films blurry clips and their sharp truth with the virtual high-speed camera.", declare,
        run);
}
