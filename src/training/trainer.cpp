// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/trainer.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "training/restore.h"

namespace deblur {

namespace {

double now() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

torch::Tensor weights_of(const Clip &batch, const LossOptions &loss) {
    return loss.balance ? clip_weights(batch.blurry, batch.sharp) : torch::Tensor();
}

FrameTruth truth_at(const Clip &batch, int64_t n, const LossOptions &loss, const torch::Tensor &weights = {}) {
    return {batch.sharp.select(1, n), batch.blur.select(1, n), batch.foreground.select(1, n), batch.blurry.select(1, n),
            [loss, weights](const torch::Tensor &restored, const torch::Tensor &sharp) {
                return restoration_loss(restored, sharp, loss, weights);
            }};
}

bool begins_with_any(const std::string &name, const std::vector<std::string> &beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string &beginning) { return name.rfind(beginning, 0) == 0; });
}

// Leaves the parameters alone that are not to learn.
void freeze(const Network &network, const std::vector<std::string> &only) {
    if (only.empty())
        return;
    for (const auto &[name, parameter] : named_parameters(network))
        parameter.set_requires_grad(begins_with_any(name, only));
}

// Of what learns for the adversary, by Adam and at a rate of its own, or for all the others; none if that is nothing.
std::optional<Optimizer> make_optimizer(Network &network, const TrainOptions &given, bool for_adversary) {
    const auto *adversary = network.adversary();
    auto options = given.optimizer;
    options.precision = given.precision;
    if (for_adversary) {
        options.muon = false;
        options.adam_rate = given.adversary_rate;
    }
    const auto all = named_parameters(network);
    const auto takes = [&](const std::string &name) {
        return all.at(name).requires_grad() && (adversary && adversary->owns(name)) == for_adversary;
    };
    if (std::none_of(all.begin(), all.end(), [&](const auto &item) { return takes(item.first); }))
        return std::nullopt;
    return Optimizer(network, options, takes);
}

} // namespace

DatasetOptions pooled_clips(const TrainOptions &options) {
    constexpr int64_t kMoreFrames = 2;
    auto data = options.data;
    data.frames = 0;
    int64_t size = 0;
    for (const auto &stage : options.stages) {
        data.frames = std::max(data.frames, stage.frames + kMoreFrames);
        size = std::max(size, stage.size + stage.size / 4);
    }
    data.height = data.width = size;
    return data;
}

Trainer::Trainer(NetworkPtr network, std::shared_ptr<const ClipSource> clips, const TrainOptions &options)
    : network_(std::move(network)), options_(options),
      pool_(std::move(clips), pooled_clips(options).frames, pooled_clips(options).height, options.pool) {
    freeze(*network_, options_.only);
    optimizer_ = make_optimizer(*network_, options_, false);
    adversary_ = make_optimizer(*network_, options_, true);
    if (!optimizer_ && !adversary_)
        throw std::invalid_argument("no parameter of " + network_->config().architecture + " begins with '" +
                                    options_.only.front() + "'");
    if (!options_.restorers.empty() && (adversary_ || !network_->region_refiner()))
        throw std::invalid_argument("what is to learn from other networks' pictures is what refines regions, alone: such "
                                    "as patch.generator of brmr");
    for (const auto &restorer : options_.restorers)
        restorer->set_compute_type(options_.precision);
    network_->set_compute_type(options_.precision);
    for (const auto &[name, parameter] : named_parameters(*network_))
        progress_.average.emplace(name, parameter.detach().clone());
}

void Trainer::update_average() {
    const torch::NoGradGuard no_grad;
    // Early on, when parameters move fast, average over less.
    const auto step = static_cast<double>(progress_.step);
    const double decay = std::min(options_.average_decay, (1 + step) / (10 + step));
    for (const auto &[name, parameter] : named_parameters(*network_))
        progress_.average.at(name).lerp_(parameter.detach(), 1 - decay);
}

Clip Trainer::next_batch() {
    const auto draw = [this](int64_t step) {
        const torch::NoGradGuard no_grad;
        const auto &stage = options_.stages[stage_at(options_.stages, step, options_.rate.steps)];
        View view{stage.frames, stage.size};
        if (options_.data.scenes == Scenes::People)
            view.symmetries = Symmetries::Upright;
        auto clips = pool_.batch(step, stage.batch, view);
        change_all(clips, [&](const torch::Tensor &x) { return x.to(options_.data.device); });
        return clips;
    };
    const int64_t step = progress_.step;
    auto batch = coming_.valid() ? coming_.get() : Clip();
    if (coming_step_ != step) // the first one of a run
        batch = draw(step);
    coming_step_ = step + 1;
    coming_ = std::async(std::launch::async, draw, coming_step_);
    return batch;
}

// A step of the adversary against what the network makes now; its loss.
double Trainer::train_adversary(const std::vector<StepResult> &results, const std::vector<FrameTruth> &truths) {
    std::vector<torch::Tensor> losses;
    for (size_t i = 0; i < results.size(); ++i)
        losses.push_back(network_->adversary()->loss(results[i], truths[i]));
    adversary_->clear(); // of what the network's own loss left there
    const auto loss = at::stack(losses).mean();
    loss.backward();
    adversary_->step(options_.rate(progress_.step));
    return loss.item<double>();
}

// Adds the gradients of a batch, part by part of its frames, and returns its loss.
double Trainer::backward(const Clip &batch) {
    const int64_t frames = batch.blurry.size(1);
    Random random(options_.data.seed ^ 0x5e5e7, static_cast<uint64_t>(progress_.step));
    const int64_t reset = random.chance(options_.reset_chance) ? random.integer(1, frames) : frames;
    const int64_t longest = options_.truncate > 0 ? options_.truncate : frames;
    const auto weights = weights_of(batch, options_.loss);
    double sum = 0;
    State state;
    for (int64_t begin = 0, end = 0; begin < frames; begin = end) {
        end = std::min(begin + longest, begin < reset ? reset : frames);
        end = std::min(end, frames);
        if (begin == reset)
            state.clear();
        for (auto &tensor : state)
            tensor = tensor.detach();
        std::vector<StepResult> results;
        std::vector<FrameTruth> truths;
        const auto restored = unroll(
            *network_, batch.blurry, begin, end, state, [&](int64_t n, const StepResult &result) {
                results.push_back(result);
                truths.push_back(truth_at(batch, n, options_.loss, weights));
            });
        const double share = static_cast<double>(end - begin) / static_cast<double>(frames);
        const double adversary_loss = adversary_ ? train_adversary(results, truths) : 0;
        if (!optimizer_) {
            sum += share * adversary_loss;
            continue;
        }
        std::vector<torch::Tensor> objectives;
        for (size_t i = 0; i < results.size(); ++i) {
            if (auto objective = network_->objective(results[i], truths[i]); objective.defined())
                objectives.push_back(std::move(objective));
            if (adversary_)
                objectives.push_back(network_->adversary()->deception(results[i], truths[i]));
        }
        const auto part = [&](const torch::Tensor &x) { return x.slice(1, begin, end); };
        auto loss = restoration_loss(restored, part(batch.sharp), options_.loss, weights);
        if (options_.loss.restraint > 0)
            loss = loss + options_.loss.restraint * restraint(restored, part(batch.blurry), part(batch.blur));
        loss = loss * share;
        if (!objectives.empty())
            loss = loss + at::stack(objectives).sum() / static_cast<double>(frames);
        loss.backward();
        sum += loss.item<double>();
    }
    return sum;
}

// The same for what is learnt before the rest, which has no state.
double Trainer::backward_pretraining(const Clip &batch) {
    std::vector<torch::Tensor> losses;
    for (int64_t n = 0; n < batch.blurry.size(1); ++n) {
        const auto window = window_at(batch.blurry, n, network_->config().window);
        losses.push_back(network_->pretraining(window, truth_at(batch, n, options_.loss)));
        if (!losses.back().defined())
            throw std::invalid_argument("there is nothing to train first in " + network_->config().architecture);
    }
    const auto loss = at::stack(losses).mean();
    loss.backward();
    return loss.item<double>();
}

// The same for what refines regions of other networks' pictures.
double Trainer::backward_refinement(const Clip &batch) {
    auto &restorer = *options_.restorers[static_cast<size_t>(progress_.step) % options_.restorers.size()];
    std::vector<torch::Tensor> clips;
    for (const auto &blurry : batch.blurry.unbind(0))
        clips.push_back(at::stack(restored_sequence(restorer, blurry.unbind(0))));
    const auto pictures = at::stack(clips);
    std::vector<RestoredFrame> frames;
    for (int64_t n = 0; n < batch.blurry.size(1); ++n)
        frames.push_back({window_at(batch.blurry, n, network_->config().window), pictures.select(1, n),
                          batch.sharp.select(1, n)});
    const auto regions = network_->region_refiner()->refine_most_blurred(frames);
    const auto loss = restoration_loss(regions.refined, regions.sharp, options_.loss);
    loss.backward();
    return loss.item<double>();
}

TrainReport Trainer::step() {
    const double begin = now();
    const auto batch = next_batch();
    at::manual_seed(options_.data.seed ^ static_cast<uint64_t>(progress_.step) << 20); // of dropout, to resume exactly
    TrainReport report;
    report.loss = progress_.step < options_.pretrain ? backward_pretraining(batch)
                  : options_.restorers.empty()       ? backward(batch)
                                                     : backward_refinement(batch);
    report.rate_factor = options_.rate(progress_.step);
    if (optimizer_)
        report.gradient_norm = optimizer_->step(report.rate_factor);
    ++progress_.step;
    update_average();
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
    const auto &restorers = options_.restorers;
    auto &restorer = restorers.empty() ? *network_ : *restorers.front();
    for (const auto &sequence : sequences) {
        std::optional<RefinementStage> refinement;
        if (!restorers.empty())
            refinement.emplace(network_, network_->passes());
        sum += visible_psnr(restored_sequence(restorer, sequence.blurry, refinement), sequence);
    }
    load_parameters(*network_, live);
    return sum / static_cast<double>(sequences.size());
}

void Trainer::save(const std::string &path) const {
    write_checkpoint(path, *network_, optimizer_, adversary_, progress_);
}

void Trainer::resume(const std::string &path) {
    progress_ = read_checkpoint(path, *network_, optimizer_, adversary_);
    const auto device = options_.data.device;
    for (auto &item : progress_.average)
        item.second = item.second.to(device);
}

void Trainer::export_weights(const std::string &path, const Metadata &metadata) const {
    write_weights(path, *network_, progress_.average, metadata);
}

} // namespace deblur
