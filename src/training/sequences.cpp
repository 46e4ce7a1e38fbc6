// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/sequences.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <ATen/ATen.h>

#include "media/frame_reader.h"
#include "training/metrics.h"

namespace deblur {

namespace {

namespace fs = std::filesystem;

// Names of the blurry and the sharp folder, as data sets use them; then deblur-synth's files.
constexpr const char *kLayouts[][2] = {
    {"blur", "sharp"}, {"input", "GT"}, {"blurry.mkv", "sharp.mkv"}};

std::vector<torch::Tensor> read_frames(const std::string &path) {
    std::vector<torch::Tensor> frames;
    FrameReader reader(path);
    while (const auto pixels = reader.read())
        frames.push_back(pixels_to_frame(*pixels));
    return frames;
}

} // namespace

std::vector<SequenceFiles> list_sequences(const std::string &directory) {
    std::vector<SequenceFiles> sequences;
    if (fs::is_directory(directory))
        for (const auto &entry : fs::directory_iterator(directory))
            for (const auto &[blurry, sharp] : kLayouts)
                if (fs::exists(entry.path() / blurry))
                    sequences.push_back({entry.path().filename().string(),
                                         (entry.path() / blurry).string(),
                                         (entry.path() / sharp).string()});
    if (sequences.empty())
        throw std::runtime_error("no sequences (NAME/blur and NAME/sharp, or NAME/blurry.mkv and "
                                 "NAME/sharp.mkv) below '" +
                                 directory + "'");
    std::sort(sequences.begin(), sequences.end(),
              [](const auto &a, const auto &b) { return a.name < b.name; });
    return sequences;
}

torch::Tensor pixels_to_frame(const torch::Tensor &pixels) {
    return pixels.permute({2, 0, 1}).to(at::kFloat).div(255).contiguous();
}

torch::Tensor frame_to_pixels(const torch::Tensor &frame) {
    return frame.clamp(0, 1).mul(255).round().to(at::kByte).permute({1, 2, 0}).contiguous();
}

SequenceSource file_source(const SequenceFiles &files) {
    const auto open = [files]() -> PairReader {
        const auto blurry_reader = std::make_shared<FrameReader>(files.blurry);
        const auto sharp_reader = std::make_shared<FrameReader>(files.sharp);
        return [=]() -> std::optional<FramePair> {
            const auto blurry = blurry_reader->read(), sharp = sharp_reader->read();
            if (!blurry && !sharp)
                return std::nullopt;
            if (!blurry || !sharp || blurry->sizes() != sharp->sizes())
                throw std::runtime_error("'" + files.blurry + "' and '" + files.sharp +
                                         "' differ in number or size of frames");
            return FramePair{pixels_to_frame(*blurry), pixels_to_frame(*sharp)};
        };
    };
    return {files.name, "", open};
}

SequenceSource synthetic_source(const Dataset &dataset, uint64_t index, const std::string &name,
                                const std::string &group) {
    const auto open = [dataset, index]() -> PairReader {
        const auto clip = std::make_shared<Clip>(dataset.clip(index));
        const bool has_people = dataset.options().scenes == Scenes::People;
        return [clip, has_people, n = int64_t{0}]() mutable -> std::optional<FramePair> {
            if (n == clip->blurry.size(0))
                return std::nullopt;
            FramePair pair{round_to_8_bits(clip->blurry[n]), round_to_8_bits(clip->sharp[n]),
                           clip->blur[n], has_people ? clip->foreground[n] : torch::Tensor()};
            ++n;
            return pair;
        };
    };
    return {name, group, open};
}

std::vector<SequencePair> read_sequences(const std::string &directory) {
    std::vector<SequencePair> sequences;
    for (const auto &files : list_sequences(directory)) {
        SequencePair pair{files.name, read_frames(files.blurry), read_frames(files.sharp)};
        if (pair.blurry.size() != pair.sharp.size())
            throw std::runtime_error("'" + directory + "/" + files.name + "' has " +
                                     std::to_string(pair.blurry.size()) + " blurry and " +
                                     std::to_string(pair.sharp.size()) + " sharp frames");
        sequences.push_back(std::move(pair));
    }
    return sequences;
}

std::vector<SequencePair> synthetic_sequences(const Dataset &dataset, int64_t count) {
    std::vector<SequencePair> sequences;
    for (int64_t i = 0; i < count; ++i) {
        const auto clip = dataset.clip(static_cast<uint64_t>(i));
        sequences.push_back({"synthetic" + std::to_string(i), clip.blurry.cpu().unbind(0),
                             clip.sharp.cpu().unbind(0)});
    }
    return sequences;
}

double visible_psnr(const std::vector<torch::Tensor> &restored, const SequencePair &sequence) {
    double sum = 0;
    for (size_t n = 0; n < restored.size(); ++n)
        sum += std::min(psnr(restored[n], sequence.sharp[n]), kInvisiblePsnr);
    return sum / static_cast<double>(restored.size());
}

double blurry_psnr(const std::vector<SequencePair> &sequences) {
    double sum = 0;
    for (const auto &sequence : sequences)
        sum += visible_psnr(sequence.blurry, sequence);
    return sum / static_cast<double>(sequences.size());
}

} // namespace deblur
