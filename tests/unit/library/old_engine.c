/*
 * An engine module of another version of the interface.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "engine/engine_api.h"

__attribute__((visibility("default")))
const deblur_engine_table deblur_engine = {.head = {DEBLUR_ENGINE_MAGIC, 0}};
