#!/usr/bin/env bash
# PySceneDetect's frame numbers are seconds times a rate, not positions in the file: in a clip of variable rate, a cut
# before frame 60 of 120 is at "frame 140" with one backend, past the end of the clip, and at "frame 39" with the other.
# The seconds are right with both.
#
# Seen with scenedetect 0.7.2, av 18.1.0 and opencv-python-headless 5.0.0.93.
#
# Output seen: pyav 5.6 s, frame 140; opencv 5.6 s, frame 39
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps av==18.1.0 numpy==2.4.6 \
    opencv-python-headless==5.0.0.93 scenedetect==0.7.2 click==8.5.1 platformdirs==4.14.9 tqdm==4.70.1
cd "$folder"
env/bin/python - <<'PYTHON'
from fractions import Fraction

import av
import numpy as np
import scenedetect

MILLISECONDS = Fraction(1, 1000)
av.logging.set_level(av.logging.ERROR)
with av.open("clip.mp4", "w") as file:
    stream = file.add_stream("libx264", rate=25)
    stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
    stream.codec_context.time_base = MILLISECONDS
    time = 0
    for n in range(120):  # 40 frames at 25 a second, then 5 a second; another picture from frame 60 on
        picture = np.full((96, 160, 3), (200, 30, 30) if n < 60 else (20, 60, 200), np.uint8)
        picture[:, 2 * n % 150:2 * n % 150 + 8] = 255
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = time, MILLISECONDS
        time += 40 if n < 40 else 200
        file.mux(stream.encode(frame))
    file.mux(stream.encode())

seen = {}
for backend in ("pyav", "opencv"):
    manager = scenedetect.SceneManager()
    manager.add_detector(scenedetect.ContentDetector())
    manager.detect_scenes(scenedetect.open_video("clip.mp4", backend=backend))
    (_, cut), _ = manager.get_scene_list()
    seen[backend] = round(cut.seconds, 3), cut.frame_num
    print(f"{backend}: {seen[backend][0]} s, frame {seen[backend][1]}")
assert seen == {"pyav": (5.6, 140), "opencv": (5.6, 39)}
PYTHON
