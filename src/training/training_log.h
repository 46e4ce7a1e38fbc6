// The record of a training run: log.csv for programs, curve.svg for people.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "training/trainer.h"

namespace deblur {

/// Appends to DIRECTORY/log.csv: step, seconds, loss, gradient_norm, rate, then a column for each
/// validation set with the gain over the blurry input in decibels, empty where none was measured. A
/// log of an earlier part of the run is kept.
class TrainingLog {
  public:
    /// @param sets  names of the validation sets
    /// @throws std::runtime_error if the file cannot be written
    TrainingLog(const std::string &directory, const std::vector<std::string> &sets);

    void add(const TrainReport &report);
    void add(const TrainReport &report, const std::vector<double> &gains);

    /// Draws loss and gains over the steps of the whole log into DIRECTORY/curve.svg.
    void draw() const;

  private:
    void write(const TrainReport &report, const std::string &gains);

    std::string directory_;
    std::vector<std::string> sets_;
    std::ofstream file_;
};

} // namespace deblur
