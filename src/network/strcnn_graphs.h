// The networks after Kim et al. 2017 as graphs: strcnn.h, strcnn_fast.h and bladenet.h have the modules.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/graph.h"

namespace deblur {

/// Which of the paper's additions to the plain CNN are present.
struct StrcnnTraits {
    bool recurrent; ///< F_{n-1} joins the encoder's input (section 4.1)
    bool blending;  ///< dynamic temporal blending between encoder and decoder (section 4.2)
};

Graph strcnn_graph(const NetworkConfig &config, StrcnnTraits traits);

/// @param is_guided whether the plane behind the window's is a map of blur that guides an attention at each level
Graph strcnn_fast_graph(const NetworkConfig &config, bool is_guided);

} // namespace deblur
