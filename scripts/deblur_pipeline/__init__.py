"""What deblur-transcode, deblur-broadcast and deblur-batch share. Needs Python 3.9 and nothing else."""
# SPDX-License-Identifier: LGPL-2.1-or-later
