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
    for (const auto &[name, figure] : {std::pair{"warping_error_relative", scores.warping},
                                       {"tof", scores.motion_error},
                                       {"sharp_input_psnr", scores.sharp_psnr},
                                       {"psnr_inside_blur", scores.inside},
                                       {"psnr_outside_blur", scores.outside},
                                       {"map_iou", scores.iou},
                                       {"region_iou", scores.region_iou}})
        if (figure)
            result[name] = *figure;
    return result;
}

// A table with one line for each row; the first one is what gains are over. The first column is
// width characters wide.
std::string table(const std::string &title, const std::vector<std::string> &labels,
                  const std::vector<Scores> &scores, size_t width) {
    const bool is_local = std::any_of(scores.begin(), scores.end(), [](const Scores &row) {
        return row.inside || row.outside;
    });
    std::string text = fmt::format("{:<{}}  {:>7}  {:>6}  {:>6}  {:>7}  {:>6}  {:>6}{}\n", title, width, "PSNR",
                                   "gain", "SSIM", "warping", "tOF", "sharp",
                                   is_local ? "   inside  outside    IoU  region" : "");
    for (size_t row = 0; row < labels.size(); ++row) {
        text += fmt::format("{:<{}}  {:7.3f}  {:+6.3f}  {:6.4f}  {:>7}  {:>6}  {:>6}",
                            labels[row], width, scores[row].psnr, scores[row].psnr - scores[0].psnr,
                            scores[row].ssim, optional_figure(scores[row].warping, "{:.3f}"),
                            optional_figure(scores[row].motion_error, "{:.3f}"),
                            optional_figure(scores[row].sharp_psnr, "{:.2f}"));
        if (is_local)
            text += fmt::format("  {:>7}  {:>7}  {:>5}  {:>6}", optional_figure(scores[row].inside, "{:.3f}"),
                                optional_figure(scores[row].outside, "{:.3f}"),
                                optional_figure(scores[row].iou, "{:.3f}"),
                                optional_figure(scores[row].region_iou, "{:.3f}"));
        text += "\n";
    }
    return text;
}

std::string mean_title(const Evaluation &evaluation, const std::string &group) {
    const auto count = std::count_if(
        evaluation.sequences.begin(), evaluation.sequences.end(),
        [&](const auto &sequence) { return group.empty() || sequence.group == group; });
    return fmt::format("mean of {} sequence{}{}{}", count, count == 1 ? "" : "s",
                       group.empty() ? "" : ", ", group);
}

} // namespace

std::string text_report(const Evaluation &evaluation) {
    // Of many sequences, only the means are read.
    constexpr size_t kMaxListed = 24;
    std::vector<std::pair<std::string, std::vector<Scores>>> tables;
    if (evaluation.sequences.size() <= kMaxListed)
        for (const auto &sequence : evaluation.sequences)
            tables.emplace_back(fmt::format("{} ({} frames)", sequence.name, sequence.frames),
                                sequence.scores);
    for (const auto &group : evaluation.groups())
        if (!group.empty())
            tables.emplace_back(mean_title(evaluation, group), evaluation.means(group));
    tables.emplace_back(mean_title(evaluation, ""), evaluation.means());

    size_t width = 0;
    for (const auto &label : evaluation.labels)
        width = std::max(width, label.size());
    for (const auto &[title, scores] : tables)
        width = std::max(width, title.size());
    std::string report;
    for (const auto &[title, scores] : tables) {
        if (!report.empty())
            report += '\n';
        report += table(title, evaluation.labels, scores, width);
    }
    return report;
}

std::string json_report(const Evaluation &evaluation) {
    const auto means = evaluation.means();
    json rows = json::array();
    for (size_t row = 0; row < evaluation.labels.size(); ++row) {
        json sequences = json::array();
        for (const auto &sequence : evaluation.sequences) {
            auto entry = to_json(sequence.scores[row], sequence.scores[0]);
            entry["name"] = sequence.name;
            if (!sequence.group.empty())
                entry["group"] = sequence.group;
            entry["psnr_by_frame"] = sequence.psnr[row];
            sequences.push_back(std::move(entry));
        }
        rows.push_back({{"label", evaluation.labels[row]},
                        {"mean", to_json(means[row], means[0])},
                        {"sequences", std::move(sequences)}});
        for (const auto &group : evaluation.groups())
            if (!group.empty()) {
                const auto of_group = evaluation.means(group);
                rows.back()["groups"][group] = to_json(of_group[row], of_group[0]);
            }
    }
    return json{{"rows", std::move(rows)}}.dump(2) + "\n";
}

} // namespace deblur
