// A model as the CPU's pipelines take it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "inference/cpu/pipeline.h"
#include "inference/inference_network.h"

namespace deblur {

/// Names and values of a model's parameters; the values are the model's.
cpu::Parameters cpu_parameters(const Model &model);

/// Of frames of a step's size; without integer inputs.
cpu::PipelineOptions pipeline_options(const Graph &graph, const InferenceSettings &settings, int height, int width,
                                      int multiple);

/// Adds an image's planes to a step's.
void add_planes(const Image &image, std::vector<const float *> &planes);

} // namespace deblur
