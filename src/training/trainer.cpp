// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <ATen/ATen.h>

#include "training/metrics.h"
#include "training/restore.h"

namespace deblur {

namespace {

double now() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

Trainer::Trainer(NetworkPtr network, std::shared_ptr<const Sources> sources,
                 const TrainOptions &options)
    : network_(std::move(network)), options_(options), data_(std::move(sources), options.data),
      optimizer_(*network_, options.optimizer) {
    network_->set_compute_type(options_.precision);
    for (const auto &[name, parameter] : named_parameters(*network_))
        progress_.average.emplace(name, parameter.detach().clone());
}

double Trainer::rate_factor() const {
    const auto step = static_cast<double>(progress_.step);
    const auto warmup = static_cast<double>(options_.warmup);
    const double rising = std::min(1.0, (step + 1) / std::max(1.0, warmup));
    const double done =
        std::clamp((step - warmup) / std::max(1.0, options_.steps - warmup), 0.0, 1.0);
    const double cosine = 0.5 * (1 + std::cos(done * 3.14159265358979));
    return rising * (options_.final_rate + (1 - options_.final_rate) * cosine);
}

void Trainer::update_average() {
    const torch::NoGradGuard no_grad;
    // Early on, when parameters move fast, average over less.
    const auto step = static_cast<double>(progress_.step);
    const double decay = std::min(options_.average_decay, (1 + step) / (10 + step));
    for (const auto &[name, parameter] : named_parameters(*network_))
        progress_.average.at(name).lerp_(parameter.detach(), 1 - decay);
}

Trainer::Batch Trainer::next_batch() {
    const auto render = [this](int64_t step) {
        const torch::NoGradGuard no_grad;
        return data_.batch(static_cast<uint64_t>(step * options_.batch), options_.batch);
    };
    const int64_t step = progress_.step;
    auto batch = coming_.valid() && coming_step_ == step ? coming_.get() : render(step);
    coming_step_ = step + 1;
    coming_ = std::async(std::launch::async, render, coming_step_);
    return batch;
}

TrainReport Trainer::step() {
    const double begin = now();
    const auto [blurry, sharp] = next_batch();
    const auto loss = restoration_loss(unroll(*network_, blurry), sharp, options_.loss);
    loss.backward();

    TrainReport report;
    report.rate_factor = rate_factor();
    report.gradient_norm = optimizer_.step(report.rate_factor);
    ++progress_.step;
    update_average();
    report.loss = loss.item<double>();
    progress_.seconds += now() - begin;
    report.step = progress_.step;
    report.seconds = progress_.seconds;
    return report;
}

double Trainer::validate(const std::vector<SequencePair> &sequences) {
    const auto live = [&] {
        TensorMap copy;
        for (const auto &[name, parameter] : named_parameters(*network_))
            copy.emplace(name, parameter.detach().clone());
        return copy;
    }();
    load_parameters(*network_, progress_.average);
    double sum = 0;
    for (const auto &sequence : sequences) {
        double total = 0;
        restore_sequence(*network_, sequence.blurry, [&](int64_t n, const torch::Tensor &frame) {
            total += psnr(frame, sequence.sharp[static_cast<size_t>(n)]);
        });
        sum += total / static_cast<double>(sequence.blurry.size());
    }
    load_parameters(*network_, live);
    return sum / static_cast<double>(sequences.size());
}

void Trainer::save(const std::string &path) const {
    write_checkpoint(path, *network_, optimizer_, progress_);
}

void Trainer::resume(const std::string &path) {
    progress_ = read_checkpoint(path, *network_, optimizer_);
    const auto device = options_.data.device;
    for (auto &item : progress_.average)
        item.second = item.second.to(device);
}

void Trainer::export_weights(const std::string &path, const Metadata &metadata) const {
    write_weights(path, *network_, progress_.average, metadata);
}

} // namespace deblur
