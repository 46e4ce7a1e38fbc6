"""What deblur-transcode, deblur-broadcast, deblur-batch and deblur-preview share. Needs Python 3.9 and nothing else."""
# SPDX-License-Identifier: LGPL-2.1-or-later
