// Plots as SVG, for reports and training curves.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

namespace deblur {

/// The colour of a row: gray for the first (the input), then Okabe and Ito's, which the colour-blind
/// can tell apart.
const char *color(size_t row);

/// Text for XML and HTML.
std::string escape(const std::string &text);

/// Values to positions along one side of a plot, with round ticks.
class Scale {
  public:
    Scale(double low, double high, double begin, double end);
    double operator()(double value) const {
        return begin_ + (value - low_) / (high_ - low_) * (end_ - begin_);
    }
    std::vector<double> ticks() const;

  private:
    double begin_, end_, low_, high_, step_;
};

std::string svg(int width, int height, const std::string &content);
std::string line(double x1, double y1, double x2, double y2, const char *stroke);

/// @param anchor  start, middle or end
std::string label(double x, double y, const char *anchor, const std::string &text);

/// One line of a chart.
struct Series {
    std::string name; ///< in the legend; empty: not listed
    const char *color;
    std::vector<std::array<double, 2>> points; ///< x and y, in the order of x
};

/// Lines over a common axis. An SVG that stands alone or in a page.
std::string line_chart(const std::vector<Series> &lines, const std::string &x_label,
                       const std::string &y_label);

/// Charts of line_chart(), one below the other, as one SVG.
std::string stack(const std::vector<std::string> &charts);

} // namespace deblur
