// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/evaluation.h"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <stdexcept>

#include <ATen/ATen.h>

#include "training/flow.h"
#include "training/metrics.h"
#include "training/restore.h"

namespace deblur {

namespace {

constexpr int64_t kExampleSide = 160; // pixels

// The sharp frames that some row still waits for.
class Truths {
  public:
    void push(const FramePair &pair, bool with_motion) {
        Truth truth{pair.sharp, pair.blur, pair.people, std::nullopt};
        if (with_motion && !held_.empty()) {
            const auto sharp = pair.sharp.unsqueeze(0), previous = held_.back().sharp.unsqueeze(0);
            truth.motion = true_motion(sharp, previous);
            truth.warping_error = warping_error(sharp, previous, *truth.motion);
        }
        held_.push_back(std::move(truth));
    }

    const Truth &at(int64_t frame) const { return held_[static_cast<size_t>(frame - first_)]; }

    // The last frame stays: the motion of the next one starts there.
    void drop_before(int64_t frame) {
        for (; first_ < frame && held_.size() > 1; ++first_)
            held_.pop_front();
    }

  private:
    std::deque<Truth> held_;
    int64_t first_ = 0;
};

// The square in which the input differs most from the truth.
Example new_example(int64_t frame, const torch::Tensor &blurry, const torch::Tensor &sharp) {
    Example example;
    example.frame = frame;
    example.side = std::min({kExampleSide, sharp.size(1), sharp.size(2)});
    const auto error = (blurry - sharp).square().mean(0, true).unsqueeze(0);
    const auto sums = at::avg_pool2d(error, {example.side, example.side}, {8, 8});
    const auto best = sums.argmax().item<int64_t>();
    example.top = best / sums.size(3) * 8;
    example.left = best % sums.size(3) * 8;
    example.sharp = frame_to_pixels(sharp);
    return example;
}

// A stream of frames through a network, or past it.
class Lane {
  public:
    explicit Lane(const Contestant &contestant) {
        if (contestant.network)
            restorer_.emplace(*contestant.network, contestant.refinement);
    }
    std::optional<torch::Tensor> push(const torch::Tensor &frame) {
        return restorer_ ? restorer_->push(frame) : frame;
    }
    torch::Tensor map() const { return restorer_ ? restorer_->map() : torch::Tensor(); }
    std::optional<torch::Tensor> finish() { return restorer_ ? restorer_->finish() : std::nullopt; }

  private:
    std::optional<ClipRestorer> restorer_;
};

struct Row {
    Lane blurry;
    Tally tally;
    std::optional<Lane> sharp;
    double sharp_psnr = 0; // sum
    int64_t sharp_frames = 0;
};

// One sequence on its way through all rows in step.
class Run {
  public:
    Run(const std::vector<Contestant> &contestants, const EvaluationOptions &options)
        : temporal_(options.temporal) {
        for (const auto &contestant : contestants) {
            rows_.push_back({Lane(contestant), {}, {}, 0, 0});
            if (options.sharp_input && contestant.network)
                rows_.back().sharp.emplace(contestant);
        }
    }

    void push(const FramePair &pair) {
        const auto &blurry = pair.blurry, &sharp = pair.sharp;
        truths_.push(pair, temporal_);
        const double blurriness = -psnr(blurry, sharp);
        if (example_.frame < 0 || blurriness > blurriest_) {
            blurriest_ = blurriness;
            example_ = new_example(frames_, blurry, sharp);
            example_.restored.resize(rows_.size());
        }
        ++frames_;
        int64_t done = frames_;
        for (size_t i = 0; i < rows_.size(); ++i) {
            take(i, rows_[i].blurry.push(blurry));
            if (rows_[i].sharp)
                take_sharp(rows_[i], rows_[i].sharp->push(sharp));
            done = std::min(done, rows_[i].tally.frames());
        }
        truths_.drop_before(done);
    }

    SequenceResult finish() {
        SequenceResult result;
        for (size_t i = 0; i < rows_.size(); ++i) {
            auto &row = rows_[i];
            while (take(i, row.blurry.finish()))
                continue;
            while (row.sharp && take_sharp(row, row.sharp->finish()))
                continue;
            result.scores.push_back(row.tally.scores());
            if (row.sharp)
                result.scores.back().sharp_psnr =
                    row.sharp_psnr / static_cast<double>(row.sharp_frames);
            result.psnr.push_back(row.tally.psnr());
        }
        result.frames = frames_;
        result.height = example_.sharp.size(0);
        result.width = example_.sharp.size(1);
        result.example = std::move(example_);
        return result;
    }

  private:
    bool take(size_t i, const std::optional<torch::Tensor> &restored) {
        if (!restored)
            return false;
        auto &tally = rows_[i].tally;
        if (tally.frames() == example_.frame)
            example_.restored[i] = frame_to_pixels(*restored);
        tally.add(round_to_8_bits(*restored), rows_[i].blurry.map(), truths_.at(tally.frames()));
        return true;
    }

    bool take_sharp(Row &row, const std::optional<torch::Tensor> &restored) {
        if (!restored)
            return false;
        row.sharp_psnr += psnr(*restored, truths_.at(row.sharp_frames++).sharp);
        return true;
    }

    bool temporal_;
    std::vector<Row> rows_;
    Truths truths_;
    Example example_;
    double blurriest_ = 0; // negative decibels
    int64_t frames_ = 0;
};

SequenceResult evaluate_sequence(const SequenceSource &source,
                                 const std::vector<Contestant> &contestants,
                                 const EvaluationOptions &options,
                                 const std::function<void(int64_t)> &progress) {
    const auto read = source.open();
    Run run(contestants, options);
    int64_t frames = 0;
    while (options.max_frames == 0 || frames < options.max_frames) {
        const auto pair = read();
        if (!pair)
            break;
        run.push(*pair);
        progress(++frames);
    }
    if (frames == 0)
        throw std::runtime_error("'" + source.name + "' has no frames");
    auto result = run.finish();
    result.name = source.name;
    result.group = source.group;
    return result;
}

void add(std::optional<double> &sum, const std::optional<double> &value, double weight) {
    if (value)
        sum = sum.value_or(0) + *value * weight;
}

constexpr std::optional<double> Scores::*kLocalScores[] = {&Scores::inside, &Scores::outside, &Scores::iou,
                                                          &Scores::region_iou};

template <typename Wanted>
std::vector<Scores> mean_scores(size_t rows, const std::vector<SequenceResult> &sequences,
                                const Wanted &wanted) {
    std::vector<Scores> means(rows);
    std::vector<std::array<OptionalMean, std::size(kLocalScores)>> local(rows); // not every clip has blur, or pixels without
    const double weight =
        1.0 / static_cast<double>(std::count_if(sequences.begin(), sequences.end(), wanted));
    for (const auto &sequence : sequences)
        for (size_t row = 0; wanted(sequence) && row < rows; ++row) {
            const auto &scores = sequence.scores[row];
            means[row].psnr += scores.psnr * weight;
            means[row].ssim += scores.ssim * weight;
            add(means[row].warping, scores.warping, weight);
            add(means[row].motion_error, scores.motion_error, weight);
            add(means[row].sharp_psnr, scores.sharp_psnr, weight);
            for (size_t i = 0; i < local[row].size(); ++i)
                if (const auto &value = scores.*kLocalScores[i])
                    local[row][i].add(*value);
        }
    for (size_t row = 0; row < rows; ++row)
        for (size_t i = 0; i < local[row].size(); ++i)
            means[row].*kLocalScores[i] = local[row][i].value();
    return means;
}

} // namespace

std::vector<Scores> Evaluation::means() const {
    return mean_scores(labels.size(), sequences, [](const SequenceResult &) { return true; });
}

std::vector<Scores> Evaluation::means(const std::string &group) const {
    return mean_scores(labels.size(), sequences,
                       [&](const SequenceResult &sequence) { return sequence.group == group; });
}

std::vector<std::string> Evaluation::groups() const {
    std::vector<std::string> groups;
    for (const auto &sequence : sequences)
        if (std::find(groups.begin(), groups.end(), sequence.group) == groups.end())
            groups.push_back(sequence.group);
    return groups;
}

Evaluation evaluate(const std::vector<SequenceSource> &sequences,
                    const std::vector<Contestant> &contestants, const EvaluationOptions &options,
                    const EvaluationProgress &progress) {
    const torch::NoGradGuard no_grad;
    Evaluation evaluation;
    for (const auto &contestant : contestants)
        evaluation.labels.push_back(contestant.label);
    for (size_t i = 0; i < sequences.size(); ++i)
        evaluation.sequences.push_back(evaluate_sequence(
            sequences[i], contestants, options, [&](int64_t frames) { progress(i, frames); }));
    return evaluation;
}

} // namespace deblur
