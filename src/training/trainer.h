// The training loop.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "training/checkpoint.h"
#include "training/dataset.h"
#include "training/loss.h"
#include "training/sequences.h"

namespace deblur {

struct TrainOptions {
    int64_t batch = 4;            ///< clips per step
    int64_t steps = 20000;        ///< length of the schedule
    int64_t warmup = 100;         ///< steps over which the learning rate rises
    double final_rate = 0.02;     ///< share of the learning rate at the end of the cosine
    double average_decay = 0.998; ///< of the parameters' moving average, after a warm start
    at::ScalarType precision = at::kBFloat16; ///< of activations; parameters stay float32
    int64_t validate_every = 250;             ///< steps
    DatasetOptions data;
    OptimizerOptions optimizer;
    LossOptions loss;
};

/// What one step or one validation tells.
struct TrainReport {
    int64_t step = 0;
    double loss = 0, gradient_norm = 0, rate_factor = 0;
    double seconds = 0;         ///< in training so far
    double validation_psnr = 0; ///< decibels; 0 when this step did not validate
};

/// Trains a network on the virtual camera's clips.
class Trainer {
  public:
    Trainer(NetworkPtr network, std::shared_ptr<const Sources> sources,
            const TrainOptions &options);

    /// One update; reports its loss.
    TrainReport step();

    /// The mean PSNR over sequences, of the averaged parameters. Equal weight for every sequence.
    double validate(const std::vector<SequencePair> &sequences);

    const Progress &progress() const { return progress_; }
    void set_best(double psnr) { progress_.best = psnr; }
    void save(const std::string &path) const;
    void resume(const std::string &path);

    /// Writes the averaged parameters for inference.
    void export_weights(const std::string &path, const Metadata &metadata) const;

  private:
    using Batch = std::pair<torch::Tensor, torch::Tensor>;

    double rate_factor() const;
    Batch next_batch();
    void update_average();

    NetworkPtr network_;
    TrainOptions options_;
    Dataset data_;
    std::future<Batch> coming_; ///< the batch of step coming_step_, rendered while this one trains
    int64_t coming_step_ = -1;
    Optimizer optimizer_;
    Progress progress_;
};

} // namespace deblur
