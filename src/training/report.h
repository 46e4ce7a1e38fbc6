// An evaluation as people and programs read it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "training/evaluation.h"

namespace deblur {

/// A table for each sequence with one line for each row, and last the one of the means.
std::string text_report(const Evaluation &evaluation);

/// Everything but the pictures: means, scores by sequence and PSNR by frame. Gains are over row 0.
std::string json_report(const Evaluation &evaluation);

/// One page that needs nothing else: tables, plots (SVG) and details of the blurriest frames (PNG).
std::string html_report(const Evaluation &evaluation);

} // namespace deblur
