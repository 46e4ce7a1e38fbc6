// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/sources.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <ATen/ATen.h>

#include "media/picture_file.h"
#include "media/video_reader.h"

namespace deblur {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kMinObject = 32; // pixels; smaller masks are noise
constexpr int kFramesPerClip = 12;
constexpr int kDetailCandidates = 3;
constexpr double kMaxShrink = 2.5;
constexpr double kMostlyWhite = 0.8 * 255;

std::vector<fs::path> files_below(const fs::path &directory) {
    std::vector<fs::path> files;
    if (fs::is_directory(directory))
        for (const auto &entry : fs::recursive_directory_iterator(directory))
            if (entry.is_regular_file())
                files.push_back(entry.path());
    std::sort(files.begin(), files.end()); // directory order differs between file systems
    return files;
}

torch::Tensor to_planes(const torch::Tensor &pixels) {
    return pixels.permute({2, 0, 1}).contiguous();
}

torch::Tensor to_float(const torch::Tensor &bytes) {
    return bytes.to(at::kFloat).div(255.0);
}

torch::Tensor shrink(const torch::Tensor &x, int64_t height, int64_t width) {
    if (x.size(1) == height && x.size(2) == width)
        return x;
    return at::_upsample_bicubic2d_aa(x.unsqueeze(0), {height, width}, false)
        .squeeze(0)
        .clamp(0, 1);
}

// The mean gradient after light smoothing: texture counts, noise less.
double texture_energy(const torch::Tensor &x) {
    const auto smooth = at::avg_pool2d(x.mean(0, true).unsqueeze(0), {2, 2});
    return (smooth.slice(2, 1) - smooth.slice(2, 0, -1)).abs().mean().item<double>() +
           (smooth.slice(3, 1) - smooth.slice(3, 0, -1)).abs().mean().item<double>();
}

torch::Tensor random_part(const torch::Tensor &picture, Random &random, int64_t height,
                          int64_t width) {
    const int64_t top = random.integer(0, picture.size(1) - height);
    const int64_t left = random.integer(0, picture.size(2) - width);
    return picture.narrow(1, top, height).narrow(2, left, width);
}

template <typename T>
const T &one_of(const std::vector<T> &all, Random &random) {
    return all[static_cast<size_t>(random.integer(0, static_cast<int64_t>(all.size()) - 1))];
}

// What a mask of a picture leaves, 3 x h x w and h x w, without its empty borders; nothing if that is too little.
std::optional<CutOut> cut(const torch::Tensor &planes, const torch::Tensor &mask) {
    const auto rows = mask.amax(1).nonzero(), columns = mask.amax(0).nonzero();
    if (rows.numel() < kMinObject || columns.numel() < kMinObject)
        return std::nullopt;
    const auto part = [&](const torch::Tensor &x) {
        return x.slice(1, rows[0].item<int64_t>(), rows[-1].item<int64_t>() + 1)
            .slice(2, columns[0].item<int64_t>(), columns[-1].item<int64_t>() + 1)
            .clone();
    };
    return CutOut{part(planes), part(mask.unsqueeze(0))};
}

// Frames of a video, evenly spread, about count to twice as many: as it is read, every other one is let go whenever there are too
// many, so that a video of hours takes no more memory than one of seconds.
std::vector<torch::Tensor> spread_frames(const std::string &path, size_t count) {
    VideoReader reader(path);
    std::vector<torch::Tensor> frames;
    int64_t stride = 1;
    for (int64_t i = 0; auto frame = reader.read(); ++i) {
        if (i % stride != 0)
            continue;
        frames.push_back(*frame);
        if (frames.size() <= 2 * count)
            continue;
        for (size_t kept = 1; 2 * kept < frames.size(); ++kept)
            frames[kept] = frames[2 * kept];
        frames.resize((frames.size() + 1) / 2);
        stride *= 2;
    }
    return frames;
}

// A part of one of the pictures, with more texture than some others.
torch::Tensor textured_part(const std::vector<torch::Tensor> &pictures, Random &random, int64_t side, int64_t shrink_later = 1) {
    const double largest = std::max(1.0, kMaxShrink / static_cast<double>(shrink_later));
    torch::Tensor best;
    double best_energy = -1;
    for (int candidate = 0; candidate < kDetailCandidates; ++candidate) {
        const auto &picture = one_of(pictures, random);
        const double factor = random.log_uniform(1.0, largest);
        const auto wanted = static_cast<int64_t>(std::ceil(static_cast<double>(side) * factor));
        const auto part = random_part(picture, random, std::min(wanted, picture.size(1)),
                                      std::min(wanted, picture.size(2)));
        const auto scaled = [&](int64_t length) {
            return std::min(
                side, std::max<int64_t>(1, std::lround(static_cast<double>(length) / factor)));
        };
        const auto shrunk = shrink(to_float(part), scaled(part.size(1)), scaled(part.size(2)));
        const double energy = texture_energy(shrunk);
        if (energy > best_energy) {
            best = shrunk;
            best_energy = energy;
        }
    }
    if (random.chance(0.5))
        best = best.flip({2});
    if (random.chance(0.5))
        best = best.transpose(1, 2);
    // Reflection cannot extend a side beyond twice its length at once.
    while (best.size(1) < side || best.size(2) < side) {
        const int64_t rows = std::min(side - best.size(1), best.size(1) - 1);
        const int64_t columns = std::min(side - best.size(2), best.size(2) - 1);
        best = at::reflection_pad2d(best.unsqueeze(0), {0, columns, 0, rows}).squeeze(0);
    }
    return best.contiguous();
}

// 0.4 to 1 of side at most, and perhaps mirrored.
CutOut sized(const CutOut &object, Random &random, int64_t side) {
    const auto longest =
        static_cast<double>(std::max(object.picture.size(1), object.picture.size(2)));
    const double factor =
        std::max(1.0, longest / (static_cast<double>(side) * random.uniform(0.4, 1.0)));
    const auto height = std::max<int64_t>(2, std::lround(object.picture.size(1) / factor));
    const auto width = std::max<int64_t>(2, std::lround(object.picture.size(2) / factor));
    CutOut scaled{shrink(to_float(object.picture), height, width),
                  shrink(to_float(object.alpha), height, width)};
    if (random.chance(0.5))
        scaled = {scaled.picture.flip({2}), scaled.alpha.flip({2})};
    return scaled;
}

// One of them, or now and then a part of a picture in the shape of a random blob.
CutOut one_or_blob(const std::vector<CutOut> &objects, const std::vector<torch::Tensor> &pictures, Random &random,
                   int64_t side) {
    if (objects.empty() || random.chance(0.35)) {
        const auto length = static_cast<int64_t>(side * random.uniform(0.3, 1.0));
        return {textured_part(pictures, random, length), random_blob(random, length)};
    }
    return sized(one_of(objects, random), random, side);
}

} // namespace

bool in_split(const std::string &file_name, Split split) {
    uint32_t hash = 2166136261u; // FNV-1a
    for (const char c : file_name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return (hash % 10 == 0) == (split == Split::Validation);
}

torch::Tensor random_blob(Random &random, int64_t side) {
    std::vector<float> noise; // of low frequency; thresholded below
    const int64_t cells = random.integer(3, 7);
    for (int64_t y = 0; y < cells; ++y)
        for (int64_t x = 0; x < cells; ++x) {
            const bool border = x == 0 || y == 0 || x == cells - 1 || y == cells - 1;
            noise.push_back(border ? -1.0f : static_cast<float>(random.uniform(-0.6, 1.0)));
        }
    const auto field =
        at::upsample_bicubic2d(at::tensor(noise).view({1, 1, cells, cells}), {side, side}, true);
    return at::sigmoid(field.squeeze(0) * random.log_uniform(10, 80));
}

SourceLibrary::SourceLibrary(const std::string &directory, Split split) {
    const auto people = read_outlines(directory + "/people.json");
    load_photos(directory + "/photo", split, people);
    load_clips(directory + "/video", split, people);
    load_masks(directory + "/mask", split);
    if (pictures_.empty())
        throw std::runtime_error("no pictures below '" + directory + "/photo' or '/video'");
    if (empty_pictures_.empty())
        empty_pictures_ = pictures_;
}

void SourceLibrary::load_photos(const std::string &directory, Split split, const Outlines &people) {
    for (const auto &file : files_below(directory)) {
        const auto name = file.filename().string();
        if (!in_split(name, split))
            continue;
        const auto planes = to_planes(read_picture(file.string()));
        pictures_.push_back(planes);
        const auto found = people.find(name);
        if (found == people.end()) {
            empty_pictures_.push_back(planes);
            continue;
        }
        for (const auto &outline : found->second)
            if (const auto person = cut(planes, fill(outline, planes.size(1), planes.size(2))))
                persons_.push_back(*person);
    }
}

void SourceLibrary::load_clips(const std::string &directory, Split split, const Outlines &people) {
    for (const auto &file : files_below(directory)) {
        const auto name = file.filename().string();
        if (!in_split(name, split))
            continue;
        for (const auto &frame : spread_frames(file.string(), kFramesPerClip)) {
            const auto planes = to_planes(frame); // half size: frames carry blur of their own
            const auto half = shrink(to_float(planes), planes.size(1) / 2, planes.size(2) / 2);
            pictures_.push_back(half.mul(255).round().to(at::kByte));
            if (people.count(name) == 0)
                empty_pictures_.push_back(pictures_.back());
        }
    }
}

void SourceLibrary::load_masks(const std::string &directory, Split split) {
    for (const auto &file : files_below(directory)) {
        const std::string stem = (file.parent_path() / file.stem()).string();
        if (!in_split(file.stem().string(), split))
            continue;
        const bool picture = file.extension() == ".jpg" || file.extension() == ".png";
        if (!picture || stem.find("_inst") != std::string::npos)
            continue;
        const auto add = [&](const torch::Tensor &planes, const torch::Tensor &mask, bool is_person) {
            const auto object = cut(planes, mask);
            if (!object)
                return;
            cut_outs_.push_back(*object);
            (is_person ? persons_ : things_).push_back(*object);
        };
        if (fs::exists(stem + "_inst.png")) {
            const auto planes = to_planes(read_picture(file.string()));
            const auto instances = read_gray(stem + "_inst.png");
            const int64_t count = instances.max().item<int64_t>();
            const bool has_people = fs::exists(stem + "_person.png");
            const auto people = has_people ? read_gray(stem + "_person.png") : at::zeros_like(instances);
            for (int64_t i = 1; i <= count; ++i) {
                const auto mask = instances == i;
                const bool is_person = people.masked_select(mask).to(at::kFloat).mean().item<double>() > kMostlyWhite;
                add(planes, mask.to(at::kByte).mul(255), is_person);
            }
        } else if (fs::exists(stem + "_alpha.png")) {
            add(to_planes(read_picture(file.string())), read_gray(stem + "_alpha.png"), false);
        } else if (fs::exists(stem + ".out.png")) {
            const auto alpha = read_alpha(stem + ".out.png");
            const auto planes = to_planes(read_picture(file.string()));
            if (alpha.size(0) == planes.size(1) && alpha.size(1) == planes.size(2))
                add(planes, alpha, false);
        }
    }
}

torch::Tensor SourceLibrary::detail(Random &random, int64_t side, int64_t shrink) const {
    return textured_part(pictures_, random, side, shrink);
}

torch::Tensor SourceLibrary::empty_detail(Random &random, int64_t side, int64_t shrink) const {
    return textured_part(empty_pictures_, random, side, shrink);
}

CutOut SourceLibrary::cut_out(Random &random, int64_t side) const {
    return one_or_blob(cut_outs_, pictures_, random, side);
}

CutOut SourceLibrary::thing(Random &random, int64_t side) const {
    return one_or_blob(things_, empty_pictures_, random, side);
}

CutOut SourceLibrary::person(Random &random, int64_t side) const {
    return persons_.empty() ? cut_out(random, side) : sized(one_of(persons_, random), random, side);
}

} // namespace deblur
