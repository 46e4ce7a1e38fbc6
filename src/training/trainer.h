// The training loop.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/checkpoint.h"
#include "training/clip_pool.h"
#include "training/dataset.h"
#include "training/loss.h"
#include "training/schedule.h"
#include "training/sequences.h"

namespace deblur {

struct TrainOptions {
    RateSchedule rate;
    std::vector<Stage> stages{Stage()}; ///< in order; the first one begins at 0
    PoolOptions pool;                   ///< of clips, see ClipPool
    int64_t truncate = 0;         ///< frames through which gradients flow back; 0: the whole clip
    double reset_chance = 0;      ///< that a step drops the state before one of its frames
    int64_t pretrain = 0; ///< first steps: they teach what Network::pretraining() says
    std::vector<std::string> only; ///< learn: parameters whose names begin so; empty: all. The others stay as they are
    double average_decay = 0.998; ///< of the parameters' moving average, after a warm start
    at::ScalarType precision = at::kBFloat16; ///< of activations; parameters stay float32
    int64_t validate_every = 250;             ///< steps
    DatasetOptions data; ///< but for frames, height and width, which the stages tell
    OptimizerOptions optimizer;
    std::vector<NetworkPtr> restorers; ///< in turn: whose pictures a region_refiner() learns to refine, instead of its own
    double adversary_rate = 2e-4; ///< Adam's, of an adversary (Lin et al. 2019, section 4.1)
    LossOptions loss;
};

/// What the pool holds for such a training: the data set's options with clips that are longer and larger than what any stage
/// looks at, so that there are parts to choose from.
DatasetOptions pooled_clips(const TrainOptions &options);

/// What one step tells.
struct TrainReport {
    int64_t step = 0;
    double loss = 0, gradient_norm = 0, rate_factor = 0;
    double seconds = 0;         ///< in training so far
};

/// Trains a network on the virtual camera's clips.
class Trainer {
  public:
    /// @throws std::invalid_argument if nothing would learn; if an adversary would, or nothing is refined, and there are
    ///                               restorers
    ///
    /// @param clips of pooled_clips()
    Trainer(NetworkPtr network, std::shared_ptr<const ClipSource> clips, const TrainOptions &options);

    /// One update; reports its loss.
    TrainReport step();

    /// The mean of visible_psnr() over sequences, of the averaged parameters. Equal weight for every sequence. With
    /// restorers: of the pictures of the first of them, refined.
    double validate(const std::vector<SequencePair> &sequences);

    const Progress &progress() const { return progress_; }
    void set_best(double psnr) { progress_.best = psnr; }
    void save(const std::string &path) const;
    void resume(const std::string &path);

    /// Writes the averaged parameters for inference.
    void export_weights(const std::string &path, const Metadata &metadata) const;

  private:
    Clip next_batch();
    double backward(const Clip &batch);
    double backward_pretraining(const Clip &batch);
    double backward_refinement(const Clip &batch);
    double train_adversary(const std::vector<StepResult> &results, const std::vector<FrameTruth> &truths);
    void update_average();

    NetworkPtr network_;
    TrainOptions options_;
    ClipPool pool_;
    std::future<Clip> coming_; ///< the batch of step coming_step_, rendered while this one trains
    int64_t coming_step_ = -1;
    std::optional<Optimizer> optimizer_; ///< of all that is not the adversary's, if any of it learns
    std::optional<Optimizer> adversary_; ///< the adversary's, if it learns
    Progress progress_;
};

} // namespace deblur
