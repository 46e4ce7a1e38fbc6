// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace deblur {

const char *color(size_t row) {
    constexpr std::array<const char *, 7> kColors{"#777777", "#0072b2", "#d55e00", "#009e73",
                                                  "#cc79a7", "#e69f00", "#56b4e9"};
    return row == 0 ? kColors[0] : kColors[1 + (row - 1) % (kColors.size() - 1)];
}

std::string escape(const std::string &text) {
    std::string result;
    for (const char c : text)
        switch (c) {
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '&':
            result += "&amp;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += c;
        }
    return result;
}

Scale::Scale(double low, double high, double begin, double end) : begin_(begin), end_(end) {
    const double range = std::max(high - low, 1e-3);
    const double decade = std::pow(10, std::floor(std::log10(range / 4)));
    step_ = decade * (range / 4 / decade < 2 ? 1 : range / 4 / decade < 5 ? 2 : 5);
    low_ = std::floor(low / step_) * step_;
    high_ = std::max(std::ceil(high / step_), std::floor(low / step_) + 1) * step_;
}

std::vector<double> Scale::ticks() const {
    std::vector<double> values;
    const auto count = std::lround((high_ - low_) / step_);
    for (long i = 0; i <= count; ++i) {
        const double value = low_ + static_cast<double>(i) * step_;
        values.push_back(std::abs(value) < step_ / 1e6 ? 0.0 : value);
    }
    return values;
}

std::string svg(int width, int height, const std::string &content) {
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
                       "width=\"{0}\" height=\"{1}\" font-family=\"system-ui, sans-serif\" "
                       "font-size=\"12\">\n{2}</svg>\n",
                       width, height, content);
}

std::string line(double x1, double y1, double x2, double y2, const char *stroke) {
    return fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1,
        x2, y2, stroke);
}

std::string label(double x, double y, const char *anchor, const std::string &text) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
                       anchor, escape(text));
}

namespace {

constexpr int kChartWidth = 780, kChartHeight = 264;

} // namespace

std::string line_chart(const std::vector<Series> &lines, const std::string &x_label,
                       const std::string &y_label) {
    constexpr int left = 60, right = kChartWidth - 20, top = 24, bottom = kChartHeight - 40;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double low[2]{infinity, infinity}, high[2]{-infinity, -infinity};
    for (const auto &series : lines)
        for (const auto &point : series.points)
            for (size_t axis = 0; axis < 2; ++axis) {
                low[axis] = std::min(low[axis], point[axis]);
                high[axis] = std::max(high[axis], point[axis]);
            }
    if (low[0] > high[0])
        return svg(kChartWidth, kChartHeight, "");

    const Scale x(low[0], high[0], left, right), y(low[1], high[1], bottom, top);
    std::string content = label(left, 14, "start", y_label);
    for (const double tick : y.ticks())
        content += line(left, y(tick), right, y(tick), "#e4e4e4") +
                   label(left - 8, y(tick) + 4, "end", fmt::format("{:.4g}", tick));
    for (const double tick : x.ticks())
        content += label(x(tick), bottom + 16, "middle", fmt::format("{:.4g}", tick));
    content += label((left + right) / 2.0, bottom + 34, "middle", x_label);
    int named = 0;
    for (const auto &series : lines) {
        std::string points;
        for (const auto &point : series.points)
            points += fmt::format("{:.1f},{:.1f} ", x(point[0]), y(point[1]));
        content += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" "
                               "stroke-width=\"1.8\"/>\n",
                               points, series.color);
        if (!series.name.empty()) {
            const double begin = left + 160 + 150 * named++;
            content += line(begin, 10, begin + 20, 10, series.color) +
                       label(begin + 26, 14, "start", series.name);
        }
    }
    return svg(kChartWidth, kChartHeight, content);
}

std::string stack(const std::vector<std::string> &charts) {
    std::string content;
    for (size_t i = 0; i < charts.size(); ++i)
        content += fmt::format("<g transform=\"translate(0 {})\">\n{}</g>\n",
                               kChartHeight * static_cast<int>(i), charts[i]);
    return svg(kChartWidth, kChartHeight * static_cast<int>(charts.size()), content);
}

} // namespace deblur
