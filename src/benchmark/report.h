// Measurements as a table, as JSON, and against recorded ones.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "benchmark/ffmpeg_rate.h"
#include "benchmark/measurement.h"
#include "benchmark/throughput.h"

namespace deblur {

struct Row {
    Case what;
    Measurement result;
};

std::string table_header();
std::string table_line(const Row &row);

/// An array of objects, one for each row.
std::string json_rows(const std::vector<Row> &rows);

/// The same for the library.
struct StreamsRow {
    ThroughputCase what;
    double frames_per_second;
};

std::string streams_header();
std::string streams_line(const StreamsRow &row);
std::string json_rows(const std::vector<StreamsRow> &rows);

/// The same for ffmpeg.
struct FfmpegRow {
    FfmpegCase what;
    double frames_per_second;
};

std::string ffmpeg_header();
std::string ffmpeg_line(const FfmpegRow &row);
std::string json_rows(const std::vector<FfmpegRow> &rows);

/// Compares ratios (the share of the peak, the speedup), never seconds, with those of a file that
/// json_rows() made, perhaps on another machine. Rows that the file lacks are left out.
///
/// @param share of a recorded ratio that must be reached
/// @return a line for each ratio that is not; empty if all are
/// @throws std::runtime_error if the file cannot be read
std::vector<std::string> fallen_behind(const std::vector<Row> &rows, const std::string &path,
                                       double share);

} // namespace deblur
