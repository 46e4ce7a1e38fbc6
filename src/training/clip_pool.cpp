// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/clip_pool.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

namespace deblur {

namespace {

constexpr int64_t kChannels = 8;         // blurry, sharp: three each; blur; foreground
constexpr double kBlurCodes = 8;         // codes a pixel of blur
constexpr int64_t kSignatureBytes = 256; // with its final zero
constexpr int64_t kAlignment = 4096;

torch::Tensor pack(const Clip &clip) {
    const auto codes = [](const torch::Tensor &x, double scale) {
        return x.mul(scale).round().clamp(0, 255).to(at::kByte);
    };
    return at::cat({codes(clip.blurry, 255), codes(clip.sharp, 255), codes(clip.blur, kBlurCodes),
                    codes(clip.foreground, 255)},
                   1)
        .cpu();
}

Clip unpack(const torch::Tensor &packed) {
    Clip clip;
    clip.blurry = packed.narrow(1, 0, 3);
    clip.sharp = packed.narrow(1, 3, 3);
    clip.blur = packed.narrow(1, 6, 1);
    clip.foreground = packed.narrow(1, 7, 1);
    return clip;
}

torch::Tensor render(const ClipSource &source, int64_t clip) {
    at::set_num_threads(
        1); // of this thread: clips are rendered side by side, and beside what trains
    const torch::NoGradGuard no_grad;
    return pack(source.clip(static_cast<uint64_t>(clip)));
}

} // namespace

ClipPool::ClipPool(std::shared_ptr<const ClipSource> source, int64_t frames, int64_t size,
                   const PoolOptions &options)
    : source_(std::move(source)), options_(options) {
    const int64_t header = kSignatureBytes + 8 * options_.capacity;
    const int64_t begin = (header + kAlignment - 1) / kAlignment * kAlignment;
    const int64_t bytes = begin + options_.capacity * frames * kChannels * size * size;
    storage_ = options_.file.empty()
                   ? at::zeros({bytes}, at::kByte)
                   : at::from_file(options_.file, /*shared*/ true, bytes, at::kByte);
    numbers_ = storage_.narrow(0, kSignatureBytes, 8 * options_.capacity).view(at::kLong);
    clips_ = storage_.narrow(0, begin, bytes - begin)
                 .view({options_.capacity, frames, kChannels, size, size});
    char signature[kSignatureBytes] = {};
    options_.signature.copy(signature, kSignatureBytes - 1);
    char *held = static_cast<char *>(storage_.data_ptr());
    if (std::memcmp(held, signature, kSignatureBytes) != 0) {
        numbers_.zero_();
        std::memcpy(held, signature, kSignatureBytes);
    }
}

ClipPool::~ClipPool() {
    if (coming_.valid())
        coming_.wait();
}

void ClipPool::store(int64_t clip, const torch::Tensor &packed) {
    auto number = numbers_[clip % options_.capacity];
    number.fill_(0); // no clip while it is half written
    slot(clip).copy_(packed);
    number.fill_(clip + 1);
    ++rendered_;
}

// Makes clips begin .. end - 1 be there.
void ClipPool::fill(int64_t begin, int64_t end) {
    std::vector<int64_t> missing;
    const auto *numbers = numbers_.data_ptr<int64_t>();
    for (int64_t clip = begin; clip < end; ++clip)
        if (numbers[clip % options_.capacity] != clip + 1)
            missing.push_back(clip);
    if (!missing.empty() && missing[0] == coming_clip_) {
        store(coming_clip_, coming_.get());
        missing.erase(missing.begin());
    }
    std::atomic<size_t> next{0};
    std::mutex mutex;
    const auto work = [&] {
        for (size_t i = next++; i < missing.size(); i = next++) {
            const auto packed = render(*source_, missing[i]);
            const std::lock_guard lock(mutex);
            store(missing[i], packed);
        }
    };
    std::vector<std::future<void>> workers;
    for (size_t i = 0; i < std::min<size_t>(missing.size(), std::thread::hardware_concurrency());
         ++i)
        workers.push_back(std::async(std::launch::async, work));
    for (auto &worker : workers)
        worker.get();
}

Clip ClipPool::batch(int64_t step, int64_t count, const View &view) {
    const int64_t end =
        options_.first + static_cast<int64_t>(static_cast<double>(step) * options_.refresh);
    const int64_t begin = std::max<int64_t>(0, end - options_.capacity);
    fill(begin, end);
    if (options_.refresh > 0 && coming_clip_ != end) {
        if (coming_.valid())
            coming_.wait();
        coming_clip_ = end;
        coming_ = std::async(std::launch::async, [this, end] { return render(*source_, end); });
    }
    std::vector<torch::Tensor> members[4];
    for (int64_t i = 0; i < count; ++i) {
        Random random(options_.seed, static_cast<uint64_t>(step << 8 | i));
        const auto clip = view_of(random, unpack(slot(random.integer(begin, end - 1))), view);
        const torch::Tensor parts[] = {clip.blurry, clip.sharp, clip.blur, clip.foreground};
        for (size_t j = 0; j < 4; ++j)
            members[j].push_back(parts[j]);
    }
    const auto together = [&](size_t j, double scale) {
        return at::stack(members[j]).to(at::kFloat).div_(scale);
    };
    Clip clips;
    clips.blurry = together(0, 255);
    clips.sharp = together(1, 255);
    clips.blur = together(2, kBlurCodes);
    clips.foreground = together(3, 255);
    return clips;
}

} // namespace deblur
