// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "media/picture_file.h"
#include "training/plot.h"
#include "training/report.h"

namespace deblur {

namespace {

constexpr const char *kStyle = R"(
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em;
       color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { padding: .25em .9em; text-align: right; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
.crops { display: flex; flex-wrap: wrap; gap: 10px; }
figure { margin: 0; }
figcaption { font-size: 13px; }
img { width: 320px; image-rendering: pixelated; display: block; }
svg text { font: 12px system-ui, sans-serif; fill: #444; }
.swatch { display: inline-block; width: .8em; height: .8em; margin-right: .5em; }
.note { color: #666; font-size: 13px; }
)";

std::string base64(const std::vector<uint8_t> &bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (size_t i = 0; i < bytes.size(); i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; ++k)
            group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
        for (size_t k = 0; k < 4; ++k)
            text += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

std::string cell(const std::optional<double> &value, int digits) {
    return value ? fmt::format("<td>{:.{}f}</td>", *value, digits) : "<td>&ndash;</td>";
}

std::string swatch(size_t row) {
    return fmt::format("<span class=\"swatch\" style=\"background:{}\"></span>", color(row));
}

// One line for each row; the first one is what gains are over.
std::string table(const std::string &title, const std::vector<std::string> &labels,
                  const std::vector<Scores> &scores) {
    std::string html =
        fmt::format("<table><tr><th>{}</th><th>PSNR, dB</th><th>gain, dB</th><th>SSIM</th>"
                    "<th>warping error</th><th>tOF, px</th><th>sharp input, dB</th></tr>\n",
                    escape(title));
    for (size_t row = 0; row < labels.size(); ++row)
        html += fmt::format("<tr><td>{}{}</td><td>{:.3f}</td><td>{:+.3f}</td><td>{:.4f}</td>{}{}{}"
                            "</tr>\n",
                            swatch(row), escape(labels[row]), scores[row].psnr,
                            scores[row].psnr - scores[0].psnr, scores[row].ssim,
                            cell(scores[row].warping, 3), cell(scores[row].motion_error, 3),
                            cell(scores[row].sharp_psnr, 2));
    return html + "</table>\n";
}

// One line for each sequence, one dot for each network: its gain.
std::string gain_plot(const Evaluation &evaluation) {
    constexpr int left = 230, right = 760, row_height = 24, top = 10;
    double low = 0, high = 0;
    for (const auto &sequence : evaluation.sequences)
        for (const auto &scores : sequence.scores) {
            low = std::min(low, scores.psnr - sequence.scores[0].psnr);
            high = std::max(high, scores.psnr - sequence.scores[0].psnr);
        }
    const Scale x(low, high, left, right);
    const double bottom = top + row_height * static_cast<double>(evaluation.sequences.size());
    std::string content;
    for (const double tick : x.ticks())
        content += line(x(tick), top, x(tick), bottom, "#e4e4e4") +
                   label(x(tick), bottom + 16, "middle", fmt::format("{:+.4g}", tick));
    content += line(x(0), top, x(0), bottom, color(0)) +
               label((left + right) / 2.0, bottom + 34, "middle", "gain over the blurry input, dB");
    for (size_t i = 0; i < evaluation.sequences.size(); ++i) {
        const auto &sequence = evaluation.sequences[i];
        const double y = top + row_height * (static_cast<double>(i) + 0.5);
        content += label(left - 10, y + 4, "end",
                         fmt::format("{} ({:.1f} dB)", sequence.name, sequence.scores[0].psnr));
        for (size_t row = 1; row < sequence.scores.size(); ++row)
            content +=
                fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"{}\"/>\n",
                            x(sequence.scores[row].psnr - sequence.scores[0].psnr), y, color(row));
    }
    return svg(right + 40, static_cast<int>(bottom) + 44, content);
}

// PSNR over the frames of one sequence, one line for each row.
std::string frame_plot(const SequenceResult &sequence) {
    std::vector<Series> lines;
    for (size_t row = 0; row < sequence.psnr.size(); ++row) {
        Series series{"", color(row), {}};
        for (size_t n = 0; n < sequence.psnr[row].size(); ++n)
            series.points.push_back({static_cast<double>(n), sequence.psnr[row][n]});
        lines.push_back(std::move(series));
    }
    return line_chart(lines, "frame", "PSNR, dB");
}

// The mean gain of every network over the groups, such as strengths of blur.
std::string group_plot(const Evaluation &evaluation) {
    const auto groups = evaluation.groups();
    std::vector<Series> lines;
    for (size_t row = 1; row < evaluation.labels.size(); ++row) {
        Series series{evaluation.labels[row], color(row), {}};
        for (size_t i = 0; i < groups.size(); ++i) {
            const auto means = evaluation.means(groups[i]);
            series.points.push_back({static_cast<double>(i), means[row].psnr - means[0].psnr});
        }
        lines.push_back(std::move(series));
    }
    return line_chart(lines, "groups, in the order of the tables",
                      "gain over the blurry input, dB");
}

std::string figure(const torch::Tensor &picture, const Example &example,
                   const std::string &caption) {
    const auto detail = picture.narrow(0, example.top, example.side)
                            .narrow(1, example.left, example.side)
                            .contiguous();
    return fmt::format("<figure><img alt=\"\" src=\"data:image/png;base64,{}\">"
                       "<figcaption>{}</figcaption></figure>\n",
                       base64(encode_png(detail)), caption);
}

std::string sequence_section(const Evaluation &evaluation, const SequenceResult &sequence) {
    const auto &example = sequence.example;
    std::string html = fmt::format(
        "<h2>{}</h2>\n<p class=\"note\">{} frames of {} x {}. Below: {} x {} pixels of frame "
        "{}, the blurriest, where the blur does most harm.</p>\n",
        escape(sequence.name), sequence.frames, sequence.width, sequence.height, example.side,
        example.side, example.frame);
    html += table("mean of the frames", evaluation.labels, sequence.scores);
    html += "<div class=\"crops\">\n" + figure(example.sharp, example, "sharp (truth)");
    for (size_t row = 0; row < evaluation.labels.size(); ++row)
        html += figure(example.restored[row], example,
                       fmt::format("{}{}: {:.2f} dB", swatch(row), escape(evaluation.labels[row]),
                                   sequence.psnr[row][static_cast<size_t>(example.frame)]));
    return html + "</div>\n" + frame_plot(sequence);
}

} // namespace

std::string html_report(const Evaluation &evaluation) {
    std::string html =
        fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<title>Deblurring: evaluation</title><style>{}</style></head>"
                    "<body>\n<h1>Deblurring: evaluation</h1>\n",
                    kStyle);
    html += table("mean of the sequences", evaluation.labels, evaluation.means());
    html +=
        "<p class=\"note\">Full frames, RGB, 8 bits, no alignment; means over frames, then over "
        "sequences. SSIM: Gaussian window of 11 x 11, sigma 1.5. Warping error: relative to the "
        "sharp clip's; above 1 is less steady. tOF: distance between the motion seen in the clip "
        "and "
        "in the sharp one. Sharp input: the output for a sharp clip against that clip.</p>\n";
    if (evaluation.groups().size() > 1) {
        for (const auto &group : evaluation.groups())
            html += table(group, evaluation.labels, evaluation.means(group));
        html += group_plot(evaluation);
    }
    if (evaluation.labels.size() > 1)
        html += gain_plot(evaluation);
    for (const auto &sequence : evaluation.sequences)
        html += sequence_section(evaluation, sequence);
    return html + "</body></html>\n";
}

} // namespace deblur
