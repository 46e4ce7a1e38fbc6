// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/inference_network.h"

#include "inference/torch_network.h"

namespace deblur {

std::unique_ptr<InferenceNetwork> make_inference_network(NetworkPtr network,
                                                         const InferenceSettings &) {
    return std::make_unique<TorchNetwork>(std::move(network));
}

} // namespace deblur
