/*
 * A symbol of an engine's name that is no table: a function, a word, or a text of the table's size.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "engine/engine_api.h"

#define EXPORTED __attribute__((visibility("default")))

#if defined(NO_ENGINE_FUNCTION)
EXPORTED void deblur_engine(void) {}
#elif defined(NO_ENGINE_WORD)
EXPORTED const unsigned deblur_engine = DEBLUR_ENGINE_ABI;
#else
EXPORTED const char deblur_engine[sizeof(deblur_engine_table)] = "something else";
#endif
