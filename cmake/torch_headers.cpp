// Carries the precompiled headers of LibTorch.
// SPDX-License-Identifier: LGPL-2.1-or-later
