#!/usr/bin/env bash
# ProRes has no full range: FFmpeg's encoder takes full-range frames as they are, and they come back marked as limited, with the
# samples unconverted. Everything that follows shows them with too much contrast. FFV1 in Matroska keeps range and samples.
#
# Seen with PyAV 18.1.0, FFmpeg 8.1.2: prores_ks in MOV. Ranges as FFmpeg counts them: 1 is limited, 2 is full.
#
# Output seen: prores_ks in mov: range 1, white 1023 -> 1019; ffv1 in mkv: range 2, 1023
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check av==18.1.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PYTHON'
import av
import numpy as np

FULL = 2


def through(codec, container):
    """The range and the brightest luma sample of a white full-range picture that was written and read."""
    with av.open(f"clip.{container}", "w") as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv422p10le"
        stream.codec_context.color_range = FULL
        frame = av.VideoFrame(64, 64, "yuv422p10le")
        for plane, code in zip(frame.planes, (1023, 512, 512)):
            plane.update(np.full(plane.buffer_size // 2, code, "<u2").tobytes())
        frame.color_range, frame.pts = FULL, 0
        file.mux([*stream.encode(frame), *stream.encode()])
    with av.open(f"clip.{container}") as file:
        frame = next(file.decode(video=0))
        return int(frame.color_range), int(np.frombuffer(frame.planes[0], "<u2").max())


(prores_range, prores_white), ffv1 = through("prores_ks", "mov"), through("ffv1", "mkv")
print(f"prores_ks in mov: range {prores_range}, white 1023 -> {prores_white}; ffv1 in mkv: range {ffv1[0]}, {ffv1[1]}")
assert prores_range == 1 and prores_white > 1000 and ffv1 == (FULL, 1023)
PYTHON
