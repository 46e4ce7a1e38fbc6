// deblur-synth: blurry clips and their sharp truth, filmed with the virtual high-speed camera.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "tools/tool_main.h"
#include "training/clip_files.h"
#include "training/dataset.h"
#include "training/dead_leaves.h"
#include "training/high_speed.h"
#include "training/metrics.h"

namespace {

using namespace deblur;

struct Arguments {
    std::string output = "synthetic", data, split = "validation", format = "video", scenes = "usual";
    std::vector<std::string> recordings;
    int64_t count = 1;
    int64_t tau = 0, period = 0;
    double gamma = 2.2;
    double frame_rate = 25;
    int crf = -1;
    int threads = 0;
    DatasetOptions dataset;
};

void declare(CLI::App &app, Arguments &a) {
    app.add_option(
           "--output", a.output,
           "folder; clip I becomes I/blurry.mkv, sharp.mkv, motion.mkv (8 codes a pixel per "
           "exposure) and foreground.mkv")
        ->capture_default_str();
    app.add_option("--format", a.format, "video (lossless) or png (folders of pictures)")
        ->check(CLI::IsMember({"video", "png"}))
        ->capture_default_str();
    app.add_option(
        "--data", a.data,
        "folder with photo/, video/ and mask/ (sharp material); without, scenes are drawn");
    app.add_option(
        "--high-speed", a.recordings,
        "recordings of 120 frames a second or more, to be averaged as they are, instead");
    app.add_option("--split", a.split, "of the material: training or validation")
        ->check(CLI::IsMember({"training", "validation"}))
        ->capture_default_str();
    app.add_option("--scenes", a.scenes,
                   "usual; local: objects that move before a background at rest; or people: such before a shaken one")
        ->check(CLI::IsMember(scene_names()))
        ->capture_default_str();
    app.add_option("--count", a.count, "clips")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--frames", a.dataset.frames, "frames per clip; at most, of a recording")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--width", a.dataset.width, "pixels, of filmed clips")
        ->check(CLI::Range(16, 4096))
        ->capture_default_str();
    app.add_option("--height", a.dataset.height, "pixels, of filmed clips")
        ->check(CLI::Range(16, 4096))
        ->capture_default_str();
    app.add_option("--speed", a.dataset.speed,
                   "pixels per exposure; without, as drawn for training")
        ->check(CLI::Range(0.0, 100.0));
    app.add_option("--soft", a.dataset.soft, "share of the clips that are filmed through a soft lens")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--tau", a.tau, "sub-frames per exposure; 0: drawn from 7, 9, 11, 13, 15")
        ->check(CLI::Range(0, 101))
        ->capture_default_str();
    app.add_option("--period", a.period,
                   "T, sub-frames from one frame of a recording to the next; 0: drawn, below 2 tau")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    app.add_option("--gamma", a.gamma,
                   "of a recording's light; 1 averages code values, as the paper")
        ->check(CLI::Range(1.0, 3.0))
        ->capture_default_str();
    app.add_option("--h264", a.crf, "compress the blurry frames with this constant rate factor")
        ->check(CLI::Range(0, 51));
    app.add_option("--frame-rate", a.frame_rate, "frames per second")->capture_default_str();
    app.add_option("--seed", a.dataset.seed, "the same seed, the same clips")
        ->capture_default_str();
    app.add_option("--threads", a.threads, "CPU threads; 0 for one per core")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

// How blurry the clips are: what training must cover.
class Statistics {
  public:
    void add(double psnr, double motion) {
        psnr_.push_back(psnr);
        motion_.push_back(motion);
    }
    void print() {
        if (psnr_.size() < 2)
            return;
        fmt::print("{:<28} {:>7} {:>7} {:>7} {:>7} {:>7}\n", "over clips", "least", "10 %",
                   "median", "90 %", "most");
        print("input PSNR, dB", psnr_);
        print("motion, pixels per exposure", motion_);
    }

  private:
    static void print(const char *name, std::vector<double> &values) {
        std::sort(values.begin(), values.end());
        fmt::print("{:<28}", name);
        for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0}) {
            const double index = share * static_cast<double>(values.size() - 1);
            fmt::print(" {:7.2f}", values[static_cast<size_t>(std::lround(index))]);
        }
        fmt::print("\n");
    }

    std::vector<double> psnr_, motion_;
};

void film(const Arguments &a, ClipFormat format) {
    std::shared_ptr<const Sources> sources;
    if (a.data.empty())
        sources = std::make_shared<DeadLeaves>();
    else
        sources = std::make_shared<SourceLibrary>(
            a.data, a.split == "training" ? Split::Training : Split::Validation);
    auto options = a.dataset;
    options.scenes = scenes_from(a.scenes);
    if (a.tau > 0)
        options.tau = a.tau;
    options.compressed = 0;
    const Dataset dataset(sources, options);
    Statistics statistics;
    for (int64_t i = 0; i < a.count; ++i) {
        auto clip = dataset.clip(static_cast<uint64_t>(i));
        if (a.crf >= 0)
            clip.blurry = compress(clip.blurry, a.crf);
        const auto folder = a.output + "/" + std::to_string(i);
        ClipWriter writer(folder, format, a.frame_rate);
        double input = 0;
        for (int64_t n = 0; n < clip.blurry.size(0); ++n) {
            writer.write(clip.blurry[n], clip.sharp[n], clip.motion[n], clip.foreground[n]);
            input += psnr(clip.blurry[n], clip.sharp[n]) / static_cast<double>(clip.blurry.size(0));
        }
        writer.finish();
        const double motion = clip.motion.mean().item<double>();
        statistics.add(input, motion);
        fmt::print("{}: {} frames, {:.1f} dB, motion {:.1f} pixels per exposure on average\n",
                   folder, clip.blurry.size(0), input, motion);
    }
    statistics.print();
}

void expose(const Arguments &a, ClipFormat format) {
    Statistics statistics;
    for (size_t i = 0; i < a.recordings.size(); ++i) {
        Random random(a.dataset.seed, i);
        Shutter shutter{a.tau > 0 ? a.tau : 7 + 2 * random.integer(0, 4), a.period};
        if (shutter.period == 0)
            shutter.period = random.integer(shutter.tau, 2 * shutter.tau - 1);
        HighSpeedRecording recording(a.recordings[i], shutter, CameraResponse(a.gamma));
        const auto folder = a.output + "/" + std::to_string(i);
        ClipWriter writer(folder, format, a.frame_rate);
        double input = 0, motion = 0, step = 0;
        int64_t frames = 0;
        while (frames < a.dataset.frames) {
            const auto exposed = recording.read();
            if (!exposed)
                break;
            ++frames;
            writer.write(exposed->blurry, exposed->sharp, exposed->motion, torch::Tensor());
            input += psnr(exposed->blurry, exposed->sharp);
            motion += exposed->motion.mean().item<double>();
            step = std::max(step, exposed->step);
        }
        writer.finish();
        if (frames == 0)
            throw std::runtime_error("'" + a.recordings[i] + "' has fewer than tau = " +
                                     std::to_string(shutter.tau) + " frames");
        input /= static_cast<double>(frames);
        motion /= static_cast<double>(frames);
        statistics.add(input, motion);
        fmt::print(
            "{}: tau = {}, T = {}, {} frames, {:.1f} dB, motion {:.1f} pixels per exposure on "
            "average\n",
            folder, shutter.tau, shutter.period, frames, input, motion);
        if (step > 1)
            fmt::print(
                stderr,
                "deblur-synth: warning: '{}' moves {:.1f} pixels between sub-frames: its "
                "blur has steps; a recording of a higher rate, or shrunk, would not\n",
                a.recordings[i], step);
    }
    statistics.print();
}

int run(const Arguments &a) {
    at::set_num_threads(a.threads > 0 ? a.threads
                                      : static_cast<int>(std::thread::hardware_concurrency()));
    if (a.period > 0 && a.period < std::max<int64_t>(1, a.tau))
        throw std::invalid_argument(
            fmt::format("--period {} is less than --tau {}", a.period, a.tau));
    const auto format = a.format == "png" ? ClipFormat::Png : ClipFormat::Video;
    if (a.recordings.empty())
        film(a, format);
    else
        expose(a, format);
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    return deblur::tool_main<Arguments>(
        argc, argv, "deblur-synth",
        "Films blurry clips and their sharp truth with the virtual high-speed camera.", declare,
        run);
}
