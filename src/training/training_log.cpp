// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/training_log.h"

#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "training/plot.h"

namespace deblur {

namespace {

constexpr size_t kLossColumn = 2, kFirstGain = 5;
constexpr double kSmoothing = 0.98; // of the loss, which jumps from batch to batch

} // namespace

TrainingLog::TrainingLog(const std::string &directory, const std::vector<std::string> &sets)
    : directory_(directory), sets_(sets) {
    const auto path = directory + "/log.csv";
    const bool fresh = !std::filesystem::exists(path);
    file_.open(path, std::ios::app);
    if (!file_)
        throw std::runtime_error("'" + path + "' cannot be written");
    if (fresh) {
        file_ << "step,seconds,loss,gradient_norm,rate";
        for (const auto &set : sets)
            file_ << ',' << set;
        file_ << std::endl;
    }
}

void TrainingLog::write(const TrainReport &report, const std::string &gains) {
    file_ << fmt::format("{},{:.1f},{:.6f},{:.4f},{:.5f}{}", report.step, report.seconds,
                         report.loss, report.gradient_norm, report.rate_factor, gains)
          << std::endl;
}

void TrainingLog::add(const TrainReport &report) {
    write(report, std::string(sets_.size(), ','));
}

void TrainingLog::add(const TrainReport &report, const std::vector<double> &gains) {
    std::string text;
    for (const double gain : gains)
        text += fmt::format(",{:.4f}", gain);
    write(report, text);
}

void TrainingLog::draw() const {
    std::vector<Series> gains;
    for (size_t i = 0; i < sets_.size(); ++i)
        gains.push_back({sets_[i], color(i + 1), {}});
    Series loss{"", color(0), {}};
    std::ifstream log(directory_ + "/log.csv");
    std::string row;
    std::getline(log, row); // the header
    double smooth = 0;
    while (std::getline(log, row)) {
        std::vector<std::string> cells;
        std::istringstream stream(row);
        for (std::string cell; std::getline(stream, cell, ',');)
            cells.push_back(cell);
        if (cells.size() <= kLossColumn)
            continue;
        const double step = std::stod(cells[0]), value = std::stod(cells[kLossColumn]);
        smooth = loss.points.empty() ? value : kSmoothing * smooth + (1 - kSmoothing) * value;
        loss.points.push_back({step, smooth});
        for (size_t i = 0; i < sets_.size() && kFirstGain + i < cells.size(); ++i)
            if (!cells[kFirstGain + i].empty())
                gains[i].points.push_back({step, std::stod(cells[kFirstGain + i])});
    }
    std::ofstream picture(directory_ + "/curve.svg");
    picture << stack(
        {line_chart(gains, "step", "gain, dB"), line_chart({loss}, "step", "loss, smoothed")});
}

} // namespace deblur
