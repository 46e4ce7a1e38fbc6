// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace deblur {

namespace {

using nlohmann::json;

std::string optional_figure(const std::optional<double> &value, const char *format) {
    return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

json to_json(const Scores &scores, const Scores &input) {
    json result{
        {"psnr", scores.psnr}, {"ssim", scores.ssim}, {"psnr_gain", scores.psnr - input.psnr}};
    if (scores.warping)
        result["warping_error_relative"] = *scores.warping;
    if (scores.motion_error)
        result["tof"] = *scores.motion_error;
    if (scores.sharp_psnr)
        result["sharp_input_psnr"] = *scores.sharp_psnr;
    return result;
}

// A table with one line for each row; the first one is what gains are over. The first column is
// width characters wide.
std::string table(const std::string &title, const std::vector<std::string> &labels,
                  const std::vector<Scores> &scores, size_t width) {
    std::string text = fmt::format("{:<{}}  {:>7}  {:>6}  {:>6}  {:>7}  {:>6}  {:>6}\n", title,
                                   width, "PSNR", "gain", "SSIM", "warping", "tOF", "sharp");
    for (size_t row = 0; row < labels.size(); ++row)
        text += fmt::format("{:<{}}  {:7.3f}  {:+6.3f}  {:6.4f}  {:>7}  {:>6}  {:>6}\n",
                            labels[row], width, scores[row].psnr, scores[row].psnr - scores[0].psnr,
                            scores[row].ssim, optional_figure(scores[row].warping, "{:.3f}"),
                            optional_figure(scores[row].motion_error, "{:.3f}"),
                            optional_figure(scores[row].sharp_psnr, "{:.2f}"));
    return text;
}

} // namespace

std::string text_report(const Evaluation &evaluation) {
    std::vector<std::string> titles;
    for (const auto &sequence : evaluation.sequences)
        titles.push_back(fmt::format("{} ({} frames)", sequence.name, sequence.frames));
    const auto count = evaluation.sequences.size();
    titles.push_back(fmt::format("mean of {} sequence{}", count, count == 1 ? "" : "s"));

    size_t width = 0;
    for (const std::vector<std::string> *texts : {&std::as_const(titles), &evaluation.labels})
        for (const auto &text : *texts)
            width = std::max(width, text.size());
    std::string report;
    for (size_t i = 0; i < count; ++i)
        report += table(titles[i], evaluation.labels, evaluation.sequences[i].scores, width) + "\n";
    return report + table(titles.back(), evaluation.labels, evaluation.means(), width);
}

std::string json_report(const Evaluation &evaluation) {
    const auto means = evaluation.means();
    json rows = json::array();
    for (size_t row = 0; row < evaluation.labels.size(); ++row) {
        json sequences = json::array();
        for (const auto &sequence : evaluation.sequences) {
            auto entry = to_json(sequence.scores[row], sequence.scores[0]);
            entry["name"] = sequence.name;
            entry["psnr_by_frame"] = sequence.psnr[row];
            sequences.push_back(std::move(entry));
        }
        rows.push_back({{"label", evaluation.labels[row]},
                        {"mean", to_json(means[row], means[0])},
                        {"sequences", std::move(sequences)}});
    }
    return json{{"rows", std::move(rows)}}.dump(2) + "\n";
}

} // namespace deblur
