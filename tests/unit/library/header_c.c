/*
 * The public header compiles alone as C.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <libdeblur/deblur.h>
